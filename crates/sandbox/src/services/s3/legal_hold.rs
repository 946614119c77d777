use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::{S3, errors};

impl S3 {
    /// `GetObjectLegalHold`.
    pub(super) fn get_object_legal_hold(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let (bucket, key, version) = self.lock_place(input, ctx)?;
        let held = self.locks.get(&bucket, &key, &version).legal_hold;
        Ok(json!({
            "__xml_root": "LegalHold",
            "Status": if held { "ON" } else { "OFF" },
        }))
    }

    /// `PutObjectLegalHold`.
    pub(super) fn put_object_legal_hold(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let (bucket, key, version) = self.lock_place(input, ctx)?;
        let mut protection = self.locks.get(&bucket, &key, &version);
        protection.legal_hold = match input.pointer("/LegalHold/Status").and_then(Value::as_str) {
            Some("ON") => true,
            Some("OFF") => false,
            _ => return Err(errors::malformed()),
        };
        self.locks.set(&bucket, &key, &version, protection);
        Ok(json!({}))
    }
}
