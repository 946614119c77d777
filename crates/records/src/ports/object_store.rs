use std::{collections::BTreeMap, ops::Range};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

use super::PortError;

/// One bucket. Every error names the object (or the prefix of a listing) in its `subject`.
#[async_trait]
pub trait ObjectStore: Send + Sync {
    /// The bucket's name.
    fn bucket(&self) -> &str;

    /// Reads an object (`GetObject`). `NotFound` when it, or the version asked for, does not exist
    /// or is a delete marker.
    async fn get(&self, request: &GetObject) -> Result<Object, PortError>;

    /// Reads what is known about an object without its body (`HeadObject`). `NotFound` as in `get`.
    async fn head(&self, name: &str, version: Option<&str>) -> Result<ObjectHead, PortError>;

    /// Writes an object (`PutObject`). `PreconditionFailed` when the condition does not hold; S3's
    /// 409 `ConditionalRequestConflict` counts as `Unavailable`.
    async fn put(&self, request: &PutObject) -> Result<Stored, PortError>;

    /// Deletes the present version: adds a delete marker where the bucket has versions. Answers
    /// the marker's version. Deleting what is not there is no error.
    async fn delete(&self, name: &str) -> Result<Option<String>, PortError>;

    /// Present objects whose names start with `prefix`, in the order of their names
    /// (`ListObjectsV2`). `after` is the `next` of the page before.
    async fn list(&self, prefix: &str, after: Option<&str>) -> Result<ObjectPage, PortError>;

    /// Versions and delete markers of objects whose names start with `prefix`, by name, the
    /// newest version of each first (`ListObjectVersions`).
    async fn list_versions(
        &self,
        prefix: &str,
        after: Option<&VersionCursor>,
    ) -> Result<VersionPage, PortError>;

    /// Copies an object (or one version) within the bucket (`CopyObject`), metadata included.
    async fn copy(&self, from: &str, version: Option<&str>, to: &str) -> Result<Stored, PortError>;

    /// Whether the bucket keeps versions (`GetBucketVersioning`).
    async fn versioning(&self) -> Result<Versioning, PortError>;
}

/// What to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GetObject {
    /// The object's whole name.
    pub name: String,
    /// One version; none reads the present one.
    pub version: Option<String>,
    /// First byte, and the one after the last.
    pub range: Option<Range<u64>>,
}

impl GetObject {
    /// The present version, whole.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// One version, whole.
    pub fn version(name: impl Into<String>, version: Option<String>) -> Self {
        Self {
            name: name.into(),
            version,
            range: None,
        }
    }
}

/// An object as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What is known about it.
    pub head: ObjectHead,
    /// Its bytes, or those of the range.
    pub body: Bytes,
}

/// What is known about a version of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectHead {
    /// The entity tag with its quotes, as S3 gives it; only good for comparing.
    pub etag: String,
    /// The version, where the bucket has versions.
    pub version: Option<String>,
    /// When it was written; whole seconds.
    pub modified: Timestamp,
    /// Length of the whole object.
    pub size: u64,
    /// User metadata, without the `x-amz-meta-`, names in lower case.
    pub metadata: BTreeMap<String, String>,
}

/// When a write may happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// Always.
    #[default]
    Always,
    /// Only where no object of that name is present (`If-None-Match: *`).
    Absent,
    /// Only over the version with this entity tag (`If-Match`).
    Matches(String),
}

/// What to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutObject {
    /// The object's whole name.
    pub name: String,
    /// Its bytes.
    pub body: Bytes,
    /// When to write it.
    pub condition: Condition,
    /// User metadata, without the `x-amz-meta-`, names in lower case, values in ASCII.
    pub metadata: BTreeMap<String, String>,
    /// For example `application/json`.
    pub content_type: Option<&'static str>,
}

impl PutObject {
    /// An unconditional write without metadata.
    pub fn new(name: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            body: body.into(),
            condition: Condition::Always,
            metadata: BTreeMap::new(),
            content_type: None,
        }
    }

    /// The same write under a condition.
    #[must_use]
    pub fn when(mut self, condition: Condition) -> Self {
        self.condition = condition;
        self
    }
}

/// What a write left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The new entity tag.
    pub etag: String,
    /// The new version, where the bucket has versions.
    pub version: Option<String>,
}

/// One object of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The object's whole name.
    pub name: String,
    /// Its entity tag.
    pub etag: String,
    /// When it was written; whole seconds.
    pub modified: Timestamp,
    /// Its length.
    pub size: u64,
}

/// A page of present objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectPage {
    /// The objects, by name.
    pub objects: Vec<Listed>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}

/// One version or delete marker of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedVersion {
    /// The object's whole name.
    pub name: String,
    /// The version; `null` for what was written before versioning was on.
    pub version: String,
    /// When it was written; whole seconds.
    pub modified: Timestamp,
    /// Its length; 0 for a marker.
    pub size: u64,
    /// It is the present version of its name.
    pub latest: bool,
    /// It is a delete marker.
    pub deleted: bool,
}

/// Where the next page of versions begins (`NextKeyMarker`, `NextVersionIdMarker`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionCursor {
    /// The last name of the page before.
    pub name: String,
    /// The last version of the page before.
    pub version: Option<String>,
}

/// A page of versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionPage {
    /// Versions and markers merged: by name, newest first.
    pub versions: Vec<ListedVersion>,
    /// Where the next page begins; none at the end.
    pub next: Option<VersionCursor>,
}

/// Whether a bucket keeps versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versioning {
    /// Yes.
    Enabled,
    /// It did once; new writes replace.
    Suspended,
    /// It never did.
    Off,
}
