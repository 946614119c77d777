use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{S3, text};
use crate::identity::is_account_id;

/// Bytes that a bucket policy may have.
const LIMIT: usize = 20 * 1024;

impl S3 {
    /// `GetBucketPolicy`: the document itself, byte for byte as it was put.
    pub(super) async fn get_bucket_policy(
        &self,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let answer = self.stock.handle("GetBucketPolicy", input, ctx).await?;
        let policy = answer["Policy"].as_str().unwrap_or_default();
        Ok(json!({
            "__raw_body": STANDARD.encode(policy),
            "ContentType": "application/json",
        }))
    }

    /// `PutBucketPolicy`, which must be a policy.
    pub(super) async fn put_bucket_policy(
        &self,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let policy = text(&input, "__raw_body")
            .and_then(|raw| STANDARD.decode(raw).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(policy) = policy {
            if policy.len() > LIMIT {
                return Err(malformed(
                    "Policy exceeds the maximum allowed document size.",
                ));
            }
            let document: Value = serde_json::from_str(&policy).map_err(|_| {
                malformed("Policies must be valid JSON and the first byte must be '{'")
            })?;
            let parsed = awsim_iam_policy::document::parse_value(&document)
                .map_err(|error| malformed(&error.to_string()))?;
            let named = parsed.statements.iter().all(|statement| {
                statement.principal.is_some() || statement.not_principal.is_some()
            });
            if !named {
                return Err(malformed("Missing required field Principal"));
            }
            if parsed.statements.is_empty() {
                return Err(malformed("Could not parse the policy: Statement is empty!"));
            }
            self.check_members(&document, text(&input, "Bucket").unwrap_or_default())?;
        }
        self.stock.handle("PutBucketPolicy", input, ctx).await
    }

    /// Principals must exist, and resources must be the bucket or lie in it: S3 refuses the rest.
    fn check_members(&self, document: &Value, bucket: &str) -> Result<(), AwsError> {
        let statements = match &document["Statement"] {
            Value::Array(list) => list.iter().collect(),
            one => vec![one],
        };
        for statement in statements {
            for member in ["Principal", "NotPrincipal"] {
                let named = texts(&statement[member]["AWS"]);
                if !named.into_iter().all(|arn| self.may_be_named(arn)) {
                    return Err(malformed("Invalid principal in policy"));
                }
            }
            for member in ["Resource", "NotResource"] {
                let of_bucket = |resource: &str| {
                    // A pattern may stand for the bucket's name, or for a part of it.
                    let name = resource
                        .split_once(":s3:::")
                        .and_then(|(_, rest)| rest.split('/').next());
                    resource == "*"
                        || name.is_some_and(|name| awsim_iam_policy::glob::matches(name, bucket))
                };
                if !texts(&statement[member]).into_iter().all(of_bucket) {
                    return Err(malformed("Policy has invalid resource"));
                }
            }
        }
        Ok(())
    }

    /// Everyone, an account, or a role or user that exists.
    fn may_be_named(&self, principal: &str) -> bool {
        let resource = principal.splitn(6, ':').nth(5);
        match resource {
            None => principal == "*" || is_account_id(principal),
            Some("root") => true,
            // A session need not exist yet.
            Some(other) if other.starts_with("assumed-role/") => true,
            Some(_) => self.identity.has_principal(principal),
        }
    }
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn malformed(message: &str) -> AwsError {
    AwsError::bad_request("MalformedPolicy", message)
}
