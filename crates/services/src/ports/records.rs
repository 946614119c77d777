use std::{fmt, sync::Arc};

use async_trait::async_trait;
use tidemark_domain::Region;
use tidemark_records::{
    ports::{ChangeStream, Clock, ObjectStore, SourceTable, Versioning},
    retry::{Backoff, RetryingStore, RetryingTable},
};

use super::{CloudError, Target};

/// Makes the port of something by its name or ARN.
pub type Maker<T> = Arc<dyn Fn(&str) -> Arc<T> + Send + Sync>;

/// A table, its bucket and the streams beside it, opened with one set of credentials that are
/// renewed by themselves. Calls that were throttled or unanswered are tried again.
#[derive(Clone)]
pub struct RecordsAccess {
    /// The bucket.
    pub store: Arc<dyn ObjectStore>,
    /// The table.
    pub table: Arc<dyn SourceTable>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    tables: Maker<dyn SourceTable>,
    streams: Maker<dyn ChangeStream>,
}

impl fmt::Debug for RecordsAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordsAccess")
            .field("bucket", &self.store.bucket())
            .field("table", &self.table.name())
            .finish_non_exhaustive()
    }
}

impl RecordsAccess {
    /// Wraps the bare ports of an adapter.
    pub fn new(
        store: Arc<dyn ObjectStore>,
        table: &str,
        tables: Maker<dyn SourceTable>,
        streams: Maker<dyn ChangeStream>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let backoff = Backoff::new(Arc::clone(&clock));
        let retrying: Maker<dyn SourceTable> = {
            let backoff = backoff.clone();
            Arc::new(move |name: &str| {
                Arc::new(RetryingTable::new(tables(name), backoff.clone())) as Arc<dyn SourceTable>
            })
        };
        Self {
            store: Arc::new(RetryingStore::new(store, backoff)),
            table: retrying(table),
            clock,
            tables: retrying,
            streams,
        }
    }

    /// Another table of the account and Region, which need not exist yet.
    pub fn other_table(&self, name: &str) -> Arc<dyn SourceTable> {
        (self.tables)(name)
    }

    /// The stream with this ARN.
    pub fn stream(&self, arn: &str) -> Arc<dyn ChangeStream> {
        (self.streams)(arn)
    }
}

/// What is known of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketFacts {
    /// Its Region.
    pub region: Region,
    /// Whether it keeps versions.
    pub versioning: Versioning,
    /// Days for which new versions are locked; none without a default lock.
    pub lock_days: Option<u32>,
    /// How it encrypts by default, as the API says it; none when it does not say.
    pub encryption: Option<String>,
    /// All four kinds of public access are blocked.
    pub blocks_public_access: bool,
    /// Its policy, as it is.
    pub policy: Option<String>,
}

/// What a capture needs of AWS besides reading and writing records: buckets and streams as a set-up
/// makes them. Every call goes to one account and Region through its role.
#[async_trait]
pub trait RecordsCloud: Send + Sync {
    /// Opens a table and a bucket for the engine.
    async fn open(
        &self,
        target: &Target,
        table: &str,
        bucket: &str,
    ) -> Result<RecordsAccess, CloudError>;

    /// What is known of a bucket; none when there is no such bucket at all. Denied when it belongs
    /// to somebody else. Of a bucket in another Region only the Region is right.
    async fn bucket(
        &self,
        target: &Target,
        bucket: &str,
    ) -> Result<Option<BucketFacts>, CloudError>;

    /// `CreateBucket` in the target's Region, with object lock enabled or not. Succeeds when the
    /// account has it already; a conflict when somebody else has.
    async fn create_bucket(
        &self,
        target: &Target,
        bucket: &str,
        lock: bool,
    ) -> Result<(), CloudError>;

    /// `PutObjectLockConfiguration`: governance mode for so many days.
    async fn put_lock(&self, target: &Target, bucket: &str, days: u32) -> Result<(), CloudError>;

    /// `PutBucketVersioning`: on.
    async fn put_versioning(&self, target: &Target, bucket: &str) -> Result<(), CloudError>;

    /// `PutBucketEncryption`: with S3's own keys.
    async fn put_encryption(&self, target: &Target, bucket: &str) -> Result<(), CloudError>;

    /// `PutPublicAccessBlock`: all of it.
    async fn block_public_access(&self, target: &Target, bucket: &str) -> Result<(), CloudError>;

    /// `PutBucketPolicy`: the whole policy.
    async fn put_policy(
        &self,
        target: &Target,
        bucket: &str,
        policy: &str,
    ) -> Result<(), CloudError>;

    /// `UpdateTable`: a stream that holds records before and after each change, or none. Succeeds
    /// when it is so already; a conflict while the table is being changed.
    async fn put_stream(&self, target: &Target, table: &str, on: bool) -> Result<(), CloudError>;
}
