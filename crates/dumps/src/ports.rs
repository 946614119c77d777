use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use jiff::Timestamp;

/// What kind of failure a call met. Decided once, in the adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// Throttled, no answer, a dropped connection or a 5xx: worth trying again.
    Passing,
    /// The credentials or a policy do not allow it.
    Denied,
    /// The object or the upload is not there.
    NotFound,
    /// The condition of a write does not hold.
    Precondition,
    /// Anything else.
    Other,
}

/// A failed call of S3: what was tried on what, and what S3 said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct StoreError {
    /// What kind of failure.
    pub kind: StoreErrorKind,
    /// Service and operation, for example `s3:UploadPart`.
    pub operation: String,
    /// The object's key.
    pub subject: String,
    /// The service's error code, where it gave one.
    pub code: Option<String>,
    /// The service's message, or what went wrong on the way.
    pub message: String,
    /// The service's request id, where an answer came.
    pub request_id: Option<String>,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.operation, self.subject, self.message)?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        Ok(())
    }
}

impl StoreError {
    /// Whether the same call may succeed later without anyone changing anything.
    pub fn is_passing(&self) -> bool {
        self.kind == StoreErrorKind::Passing
    }
}

/// An upload that was begun and not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The object that it would become.
    pub key: String,
    /// Its id.
    pub id: String,
    /// When it was begun.
    pub begun: Option<Timestamp>,
}

/// What is known of an object beside its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Bytes.
    pub size: u64,
    /// `ETag` without its quotes.
    pub etag: String,
    /// Its metadata says that a dump of ours wrote it.
    pub is_dump: bool,
}

/// A page of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// The keys, in order.
    pub keys: Vec<String>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}

/// The content of an object, piece by piece.
pub type Pieces = BoxStream<'static, Result<Bytes, StoreError>>;

/// A bucket of S3 that dumps go to. Each method is one call.
#[async_trait]
pub trait DumpStore: Send + Sync {
    /// `ListMultipartUploads`: every one whose key begins so.
    async fn uploads(&self, prefix: &str) -> Result<Vec<Upload>, StoreError>;

    /// `CreateMultipartUpload`, marked as a dump of ours; the upload's id.
    async fn begin(&self, key: &str) -> Result<String, StoreError>;

    /// `UploadPart`; the part's `ETag`.
    async fn part(
        &self,
        key: &str,
        upload: &str,
        number: i32,
        body: Bytes,
    ) -> Result<String, StoreError>;

    /// `CompleteMultipartUpload`, where nothing is under the key, or the object with the `ETag` that is replaced.
    async fn complete(
        &self,
        key: &str,
        upload: &str,
        parts: &[(i32, String)],
        replaces: Option<&str>,
    ) -> Result<String, StoreError>;

    /// `AbortMultipartUpload`; succeeds where there is no such upload any more.
    async fn abort(&self, key: &str, upload: &str) -> Result<(), StoreError>;

    /// `HeadObject`; none where there is no such object.
    async fn head(&self, key: &str) -> Result<Option<Head>, StoreError>;

    /// `PutObject` of a small JSON document, where nothing is under the key.
    async fn put_new(&self, key: &str, body: Vec<u8>) -> Result<(), StoreError>;

    /// `GetObject` of a small object, no more than so many bytes of it; none where there is none.
    async fn get_small(&self, key: &str, most: u64) -> Result<Option<Vec<u8>>, StoreError>;

    /// `GetObject` from a byte on, of the object with this `ETag`.
    async fn get(&self, key: &str, etag: &str, from: u64) -> Result<Pieces, StoreError>;

    /// `ListObjectsV2`: a page of the keys that begin so.
    async fn keys(&self, prefix: &str, page: Option<&str>) -> Result<Keys, StoreError>;
}
