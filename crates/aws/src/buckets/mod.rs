//! Buckets that others write their backups to, one operation per file.

mod lifecycle;
mod settings;
mod stop_expiring;

use async_trait::async_trait;
use tidemark_domain::buckets::{BucketSettings, LifecycleRule};
use tidemark_services::ports::{Buckets, CloudError, Target};

use crate::{AwsCloud, records::bucket};

#[async_trait]
impl Buckets for AwsCloud {
    async fn settings(&self, target: &Target, bucket: &str) -> Result<BucketSettings, CloudError> {
        let access = self.factory().open(target).await?;
        Box::pin(settings::settings(&access, bucket)).await
    }

    async fn switch_versioning_on(&self, target: &Target, bucket: &str) -> Result<(), CloudError> {
        bucket::put_versioning(&self.factory().open(target).await?, bucket).await
    }

    async fn block_public(&self, target: &Target, bucket: &str) -> Result<(), CloudError> {
        bucket::put_public_access(&self.factory().open(target).await?, bucket).await
    }

    async fn stop_expiring(
        &self,
        target: &Target,
        bucket: &str,
        shown: &[LifecycleRule],
        ids: &[String],
    ) -> Result<(), CloudError> {
        let access = self.factory().open(target).await?;
        stop_expiring::stop_expiring(&access, bucket, shown, ids).await
    }
}
