use async_trait::async_trait;
use tidemark_domain::buckets::{BucketSettings, LifecycleRule};

use super::{CloudError, Target};

/// S3, for buckets that others write their backups to. Every call goes to one account and Region through its role; the
/// bucket may be another account's, where its policy lets the role in.
#[async_trait]
pub trait Buckets: Send + Sync {
    /// How a bucket is set up. What the role may not read is told in its place; a bucket that is not there is not found, one
    /// of another Region is invalid.
    async fn settings(&self, target: &Target, bucket: &str) -> Result<BucketSettings, CloudError>;

    /// `PutBucketVersioning`: on.
    async fn switch_versioning_on(&self, target: &Target, bucket: &str) -> Result<(), CloudError>;

    /// `PutPublicAccessBlock`: all of it.
    async fn block_public(&self, target: &Target, bucket: &str) -> Result<(), CloudError>;

    /// Takes what expires objects out of the rules of these ids, and leaves every other rule and every other part of them
    /// as S3 has it (`PutBucketLifecycleConfiguration`, or `DeleteBucketLifecycle` where no rule is left). A conflict
    /// where the rules are not those that were `shown`.
    async fn stop_expiring(
        &self,
        target: &Target,
        bucket: &str,
        shown: &[LifecycleRule],
        ids: &[String],
    ) -> Result<(), CloudError>;
}
