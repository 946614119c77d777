use std::sync::Arc;

use async_trait::async_trait;

use super::Backoff;
use crate::ports::{
    GetObject, Object, ObjectHead, ObjectPage, ObjectStore, PortError, PutObject, Stored,
    VersionCursor, VersionPage, Versioning,
};

/// A bucket whose throttled and unanswered calls are tried again. A conditional write whose
/// answer was lost may answer `PreconditionFailed`: callers look what is there.
pub struct RetryingStore {
    inner: Arc<dyn ObjectStore>,
    backoff: Backoff,
}

impl RetryingStore {
    /// Wraps a bucket.
    pub fn new(inner: Arc<dyn ObjectStore>, backoff: Backoff) -> Self {
        Self { inner, backoff }
    }
}

#[async_trait]
impl ObjectStore for RetryingStore {
    fn bucket(&self) -> &str {
        self.inner.bucket()
    }

    async fn get(&self, request: &GetObject) -> Result<Object, PortError> {
        self.backoff.run(|| self.inner.get(request)).await
    }

    async fn head(&self, name: &str, version: Option<&str>) -> Result<ObjectHead, PortError> {
        self.backoff.run(|| self.inner.head(name, version)).await
    }

    async fn put(&self, request: &PutObject) -> Result<Stored, PortError> {
        self.backoff.run(|| self.inner.put(request)).await
    }

    async fn delete(&self, name: &str) -> Result<Option<String>, PortError> {
        self.backoff.run(|| self.inner.delete(name)).await
    }

    async fn list(&self, prefix: &str, after: Option<&str>) -> Result<ObjectPage, PortError> {
        self.backoff.run(|| self.inner.list(prefix, after)).await
    }

    async fn list_versions(
        &self,
        prefix: &str,
        after: Option<&VersionCursor>,
    ) -> Result<VersionPage, PortError> {
        self.backoff
            .run(|| self.inner.list_versions(prefix, after))
            .await
    }

    async fn copy(&self, from: &str, version: Option<&str>, to: &str) -> Result<Stored, PortError> {
        self.backoff
            .run(|| self.inner.copy(from, version, to))
            .await
    }

    async fn versioning(&self) -> Result<Versioning, PortError> {
        self.backoff.run(|| self.inner.versioning()).await
    }
}
