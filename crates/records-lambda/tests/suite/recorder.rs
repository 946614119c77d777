//! A bucket that keeps in mind which permissions its calls needed.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tidemark_records::{
    ports::{
        Condition, GetObject, Object, ObjectHead, ObjectPage, ObjectStore, PortError,
        PortErrorKind, PutObject, Stored, VersionCursor, VersionPage, Versioning,
    },
    testing::MemoryStore,
};

/// A permission that was needed, as S3's documentation of its actions says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    /// For example `s3:GetObject`.
    pub(crate) action: &'static str,
    /// The object, or none for the bucket.
    pub(crate) object: Option<String>,
    /// What a listing asks for.
    pub(crate) prefix: Option<String>,
}

pub(crate) struct Recorder {
    inner: MemoryStore,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Recorder {
    pub(crate) fn new(inner: MemoryStore, calls: Arc<Mutex<Vec<Call>>>) -> Self {
        Self { inner, calls }
    }

    fn object(&self, action: &'static str, name: &str) {
        self.keep(action, Some(name), None);
    }

    fn keep(&self, action: &'static str, object: Option<&str>, prefix: Option<&str>) {
        self.calls.lock().unwrap().push(Call {
            action,
            object: object.map(str::to_owned),
            prefix: prefix.map(str::to_owned),
        });
    }

    /// Reading needs one of two permissions; that something is missing S3 tells only to those who
    /// may list the bucket, and the request has no prefix then.
    fn read<T>(
        &self,
        name: &str,
        version: Option<&str>,
        answer: Result<T, PortError>,
    ) -> Result<T, PortError> {
        let action = version.map_or("s3:GetObject", |_| "s3:GetObjectVersion");
        self.object(action, name);
        if let Err(error) = &answer
            && error.kind == PortErrorKind::NotFound
        {
            self.keep("s3:ListBucket", None, None);
        }
        answer
    }
}

#[async_trait]
impl ObjectStore for Recorder {
    fn bucket(&self) -> &str {
        self.inner.bucket()
    }

    async fn get(&self, request: &GetObject) -> Result<Object, PortError> {
        let answer = self.inner.get(request).await;
        self.read(&request.name, request.version.as_deref(), answer)
    }

    async fn head(&self, name: &str, version: Option<&str>) -> Result<ObjectHead, PortError> {
        let answer = self.inner.head(name, version).await;
        self.read(name, version, answer)
    }

    async fn put(&self, request: &PutObject) -> Result<Stored, PortError> {
        self.object("s3:PutObject", &request.name);
        if matches!(request.condition, Condition::Matches(_)) {
            self.object("s3:GetObject", &request.name);
        }
        self.inner.put(request).await
    }

    async fn delete(&self, name: &str) -> Result<Option<String>, PortError> {
        self.object("s3:DeleteObject", name);
        self.inner.delete(name).await
    }

    async fn list(&self, prefix: &str, after: Option<&str>) -> Result<ObjectPage, PortError> {
        self.keep("s3:ListBucket", None, Some(prefix));
        self.inner.list(prefix, after).await
    }

    async fn list_versions(
        &self,
        prefix: &str,
        after: Option<&VersionCursor>,
    ) -> Result<VersionPage, PortError> {
        self.keep("s3:ListBucketVersions", None, Some(prefix));
        self.inner.list_versions(prefix, after).await
    }

    async fn copy(&self, from: &str, version: Option<&str>, to: &str) -> Result<Stored, PortError> {
        let answer = self.inner.copy(from, version, to).await;
        self.object("s3:PutObject", to);
        self.read(from, version, answer)
    }

    async fn versioning(&self) -> Result<Versioning, PortError> {
        self.keep("s3:GetBucketVersioning", None, None);
        self.inner.versioning().await
    }
}
