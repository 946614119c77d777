//! Buckets that others write their backups to, one operation per file.

mod copy;
mod copy_parts;
mod head;
mod lifecycle;
mod list;
mod read;
mod settings;
mod stop_expiring;

use std::sync::Arc;

use async_trait::async_trait;
use tidemark_domain::buckets::{BucketSettings, LifecycleRule, Listing};
use tidemark_dumps::DumpStore;
use tidemark_services::ports::{
    Buckets, CloudError, ListAsk, ObjectCopied, ObjectCopy, ObjectHead, Target,
};

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

    async fn list(&self, target: &Target, ask: &ListAsk) -> Result<Listing, CloudError> {
        list::list(&self.factory().open(target).await?, ask).await
    }

    async fn read(
        &self,
        target: &Target,
        bucket: &str,
        key: &str,
        most: u64,
    ) -> Result<Vec<u8>, CloudError> {
        read::read(&self.factory().open(target).await?, bucket, key, most).await
    }

    async fn head(
        &self,
        target: &Target,
        bucket: &str,
        key: &str,
    ) -> Result<Option<ObjectHead>, CloudError> {
        head::head(&self.factory().open(target).await?, bucket, key).await
    }

    async fn copy(
        &self,
        from: &Target,
        to: &Target,
        copy: &ObjectCopy,
    ) -> Result<ObjectCopied, CloudError> {
        let from = self.factory().open(from).await?;
        let to = self.factory().open(to).await?;
        Box::pin(copy::copy(&from, &to, copy)).await
    }

    async fn dumps(&self, target: &Target, bucket: &str) -> Result<Arc<dyn DumpStore>, CloudError> {
        let clients = self.factory().records(target).await?;
        Ok(Arc::new(clients.dumps(bucket)))
    }
}

/// An `ETag` without its quotes.
fn bare(etag: Option<String>) -> String {
    etag.unwrap_or_default().trim_matches('"').to_owned()
}
