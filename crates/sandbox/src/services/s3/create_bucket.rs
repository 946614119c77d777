use std::sync::PoisonError;

use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use serde_json::Value;

use super::{S3, copy::is_staging, owner, text};

impl S3 {
    /// `CreateBucket`: a name is taken once in the whole simulated AWS.
    pub(super) async fn create_bucket(
        &self,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        {
            let _naming = self.naming.lock().unwrap_or_else(PoisonError::into_inner);
            let taken = text(&input, "Bucket")
                .and_then(|name| owner::find(&self.store, name))
                .is_some_and(|found| found.account != ctx.account_id);
            if taken {
                return Err(AwsError::conflict(
                    "BucketAlreadyExists",
                    "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
                ));
            }
        }
        self.stock.handle("CreateBucket", input, ctx).await
    }

    /// `ListBuckets`, without those that a copy uses on its way.
    pub(super) async fn list_buckets(
        &self,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let mut answer = self.stock.handle("ListBuckets", input, ctx).await?;
        if let Some(Value::Array(buckets)) = answer.pointer_mut("/Buckets/Bucket") {
            buckets.retain(|bucket| !bucket["Name"].as_str().is_some_and(is_staging));
        }
        Ok(answer)
    }
}
