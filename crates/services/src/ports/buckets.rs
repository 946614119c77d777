use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::buckets::{BucketSettings, LifecycleRule, Listing};
use tidemark_dumps::DumpStore;

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

    /// A page of what lies in a bucket, by key: `ListObjectsV2`, or `ListObjectVersions`.
    async fn list(&self, target: &Target, ask: &ListAsk) -> Result<Listing, CloudError>;

    /// The content of a small object; one of more than so many bytes is invalid (`GetObject`).
    async fn read(
        &self,
        target: &Target,
        bucket: &str,
        key: &str,
        most: u64,
    ) -> Result<Vec<u8>, CloudError>;

    /// What S3 says of an object beside its content (`HeadObject`); none where there is none.
    async fn head(
        &self,
        target: &Target,
        bucket: &str,
        key: &str,
    ) -> Result<Option<ObjectHead>, CloudError>;

    /// Copies an object on S3's side, with its metadata, tags and storage class: `CopyObject`, or by parts where it is
    /// larger than that takes, or was uploaded in parts. Both ways go through the same role. The code
    /// `PreconditionFailed` where the destination is not as the copy wants it, or the source has changed.
    async fn copy(
        &self,
        from: &Target,
        to: &Target,
        copy: &ObjectCopy,
    ) -> Result<ObjectCopied, CloudError>;

    /// A bucket for dumps of commands, opened with one set of credentials that are renewed by themselves.
    async fn dumps(&self, target: &Target, bucket: &str) -> Result<Arc<dyn DumpStore>, CloudError>;
}

/// What of a bucket is to be listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListAsk {
    /// The bucket.
    pub bucket: String,
    /// The beginning of the keys.
    pub prefix: String,
    /// Keys that go on after a slash are told as folders.
    pub folders: bool,
    /// Every version, delete markers too.
    pub versions: bool,
    /// Only keys after this one; none together with `token`.
    pub start_after: Option<String>,
    /// `next` of the page before.
    pub token: Option<String>,
    /// Rows at most, up to 1,000.
    pub limit: u16,
}

/// What S3 says of an object beside its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectHead {
    /// Size in bytes.
    pub size: u64,
    /// `ETag` without its quotes.
    pub etag: String,
    /// Checksums by their names; those over parts have `(parts)` after it.
    pub checksums: BTreeMap<String, String>,
    /// Encrypted with a key of KMS: the `ETag` is no digest then.
    pub kms: bool,
    /// When it was written.
    pub modified: Option<Timestamp>,
    /// Retention and legal hold.
    pub lock: ObjectLocked,
}

/// What keeps a version from being deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectLocked {
    /// `GOVERNANCE` or `COMPLIANCE`, and until when.
    pub retention: Option<(String, Timestamp)>,
    /// Under a legal hold.
    pub hold: bool,
}

/// One object to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectCopy {
    /// Bucket and key of the source.
    pub from: (String, String),
    /// Bucket and key of the destination.
    pub to: (String, String),
    /// Size of the source.
    pub size: u64,
    /// `ETag` that the source has.
    pub etag: String,
    /// Its storage class.
    pub class: String,
    /// `ETag` of what is replaced; none where nothing may be there.
    pub replaces: Option<String>,
    /// What locks the copy.
    pub lock: ObjectLocked,
}

/// An object that was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectCopied {
    /// `ETag` of the copy, without its quotes.
    pub etag: String,
}
