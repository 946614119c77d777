//! The buckets and streams of record-level backups, as one process reaches them.

use std::sync::Arc;

use async_trait::async_trait;
use tidemark_services::ports::{BucketFacts, CloudError, RecordsAccess, RecordsCloud, Target};
use tidemark_testkit::{Between as _, FakeRecordsCloud, Passing};

use crate::wire::Wire;

/// The records' AWS over the wire of a process.
pub(crate) struct WiredRecords {
    wire: Arc<Wire>,
    inner: FakeRecordsCloud,
}

impl WiredRecords {
    /// That AWS behind a wire.
    pub(crate) fn new(wire: Arc<Wire>, inner: FakeRecordsCloud) -> Self {
        Self { wire, inner }
    }

    async fn pass<T>(
        &self,
        operation: &'static str,
        target: &Target,
        subject: &str,
        call: impl Future<Output = Result<T, CloudError>> + Send,
    ) -> Result<T, CloudError> {
        let passing = Passing {
            operation,
            target,
            subject,
        };
        self.wire.before(passing).await?;
        let seen = self.inner.changes().len();
        let answer = call.await;
        for change in self.inner.changes().into_iter().skip(seen) {
            self.wire.oracle.recorded(target, &change);
        }
        self.wire.after(passing, answer.as_ref().err()).await?;
        answer
    }
}

#[async_trait]
impl RecordsCloud for WiredRecords {
    async fn open(
        &self,
        target: &Target,
        table: &str,
        bucket: &str,
    ) -> Result<RecordsAccess, CloudError> {
        let call = self.inner.open(target, table, bucket);
        self.pass("open", target, bucket, call).await
    }

    async fn bucket(
        &self,
        target: &Target,
        bucket: &str,
    ) -> Result<Option<BucketFacts>, CloudError> {
        let call = self.inner.bucket(target, bucket);
        self.pass("bucket", target, bucket, call).await
    }

    async fn create_bucket(
        &self,
        target: &Target,
        bucket: &str,
        lock: bool,
    ) -> Result<(), CloudError> {
        let call = self.inner.create_bucket(target, bucket, lock);
        self.pass("create_bucket", target, bucket, call).await
    }

    async fn put_lock(&self, target: &Target, bucket: &str, days: u32) -> Result<(), CloudError> {
        let call = self.inner.put_lock(target, bucket, days);
        self.pass("put_lock", target, bucket, call).await
    }

    async fn put_versioning(&self, target: &Target, bucket: &str) -> Result<(), CloudError> {
        let call = self.inner.put_versioning(target, bucket);
        self.pass("put_versioning", target, bucket, call).await
    }

    async fn put_encryption(&self, target: &Target, bucket: &str) -> Result<(), CloudError> {
        let call = self.inner.put_encryption(target, bucket);
        self.pass("put_encryption", target, bucket, call).await
    }

    async fn block_public_access(&self, target: &Target, bucket: &str) -> Result<(), CloudError> {
        let call = self.inner.block_public_access(target, bucket);
        self.pass("block_public_access", target, bucket, call).await
    }

    async fn put_policy(
        &self,
        target: &Target,
        bucket: &str,
        policy: &str,
    ) -> Result<(), CloudError> {
        let call = self.inner.put_policy(target, bucket, policy);
        self.pass("put_policy", target, bucket, call).await
    }

    async fn put_stream(&self, target: &Target, table: &str, on: bool) -> Result<(), CloudError> {
        let call = self.inner.put_stream(target, table, on);
        self.pass("put_stream", target, table, call).await
    }
}
