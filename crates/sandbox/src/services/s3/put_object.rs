use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use serde_json::{Value, json};

use super::{S3, conditions::is_conditional, locks::Protection, text, version_of};

impl S3 {
    /// `PutObject`, `CopyObject`, `CompleteMultipartUpload`: conditions, locks and the time.
    pub(super) async fn put_object(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let bucket = text(&input, "Bucket").unwrap_or_default().to_owned();
        let key = text(&input, "Key").unwrap_or_default().to_owned();
        let protection = self.protection_of(&input, &bucket, ctx)?;
        let answer = {
            let _guard = if is_conditional(&input) {
                let guard = self.conditional.lock().await;
                self.must_match(&input, ctx)?;
                Some(guard)
            } else {
                None
            };
            if text(&input, "CopySource").is_some() {
                self.copy(operation, input, ctx).await?
            } else {
                self.stock.handle(operation, input, ctx).await?
            }
        };
        let version = self.stamp(&bucket, &key, ctx);
        if protection != Protection::default()
            && let Some(version) = version
        {
            self.locks.set(&bucket, &key, &version, protection);
        }
        Ok(answer)
    }

    /// `UploadPart` and `UploadPartCopy`.
    pub(super) async fn upload_part(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        if text(&input, "CopySource").is_some() {
            self.copy(operation, input, ctx).await
        } else {
            self.stock.handle(operation, input, ctx).await
        }
    }

    /// `GetObject` and `HeadObject`, with what protects the version.
    pub(super) async fn read_object(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let bucket = text(&input, "Bucket").unwrap_or_default().to_owned();
        let key = text(&input, "Key").unwrap_or_default().to_owned();
        let asked = version_of(&input).map(str::to_owned);
        let mut answer = self.stock.handle(operation, input, ctx).await?;
        let version = asked.or_else(|| answer["VersionId"].as_str().map(str::to_owned));
        if let Some(version) = version {
            let protection = self.locks.get(&bucket, &key, &version);
            if protection != Protection::default() {
                if !answer["__headers"].is_object() {
                    answer["__headers"] = json!({});
                }
                protection.show(&mut answer["__headers"]);
            }
        }
        Ok(answer)
    }
}
