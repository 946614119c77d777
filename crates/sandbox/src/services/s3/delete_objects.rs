use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::{S3, errors, text};

/// Objects that one request may name.
const LIMIT: usize = 1000;

impl S3 {
    /// `DeleteObjects`: each as if it were alone, with its own outcome.
    pub(super) async fn delete_objects(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let document = input.get("Delete").unwrap_or(input);
        let objects = match document.get("Object") {
            Some(Value::Array(objects)) => objects.clone(),
            Some(object @ Value::Object(_)) => vec![object.clone()],
            _ => return Err(errors::malformed()),
        };
        if objects.len() > LIMIT {
            return Err(errors::malformed());
        }
        let quiet = text(document, "Quiet") == Some("true");
        let mut deleted = Vec::new();
        let mut failed = Vec::new();
        for object in objects {
            let key = text(&object, "Key").unwrap_or_default();
            let version = text(&object, "VersionId");
            let mut request = json!({
                "Bucket": input["Bucket"],
                "Key": key,
                "BypassGovernanceRetention": input["BypassGovernanceRetention"],
            });
            if let Some(version) = version {
                request["VersionId"] = json!(version);
            }
            if let Some(tag) = text(&object, "ETag") {
                request["IfMatch"] = json!(tag);
            }
            match self.delete_object(request, ctx).await {
                Ok(answer) => deleted.push(outcome(key, version, &answer)),
                Err(error) => {
                    let mut entry =
                        json!({"Key": key, "Code": error.code, "Message": error.message});
                    if let Some(version) = version {
                        entry["VersionId"] = json!(version);
                    }
                    failed.push(entry);
                }
            }
        }
        if quiet {
            deleted.clear();
        }
        Ok(json!({
            "__xml_root": "DeleteResult",
            "Deleted": deleted,
            "Error": failed,
        }))
    }
}

fn outcome(key: &str, version: Option<&str>, answer: &Value) -> Value {
    let mut entry = json!({"Key": key});
    if let Some(version) = version {
        entry["VersionId"] = json!(version);
    }
    if answer["DeleteMarker"] == true {
        entry["DeleteMarker"] = json!(true);
        entry["DeleteMarkerVersionId"] = answer["VersionId"].clone();
    }
    entry
}
