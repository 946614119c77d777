use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{S3, text};

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
        }
        self.stock.handle("PutBucketPolicy", input, ctx).await
    }
}

fn malformed(message: &str) -> AwsError {
    AwsError::bad_request("MalformedPolicy", message)
}
