use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::BucketPlace;
use crate::Invalid;

/// An object, or one of its versions, as S3 lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedObject {
    /// Its key.
    pub key: String,
    /// Size in bytes.
    pub size: u64,
    /// `ETag` without its quotes.
    pub etag: String,
    /// When it was written.
    pub modified: Timestamp,
    /// Storage class, as S3 names it.
    pub class: String,
    /// Which version; none in a list of objects.
    pub version: Option<ListedVersion>,
}

/// One version of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedVersion {
    /// `VersionId`.
    pub id: String,
    /// Whether it is the one that counts.
    pub latest: bool,
    /// Whether it is a delete marker: from here on there is no object.
    pub deleted: bool,
}

/// A page of what lies under a prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// What S3 calls common prefixes: each ends with a slash.
    pub folders: Vec<String>,
    /// Objects, or versions, by key.
    pub objects: Vec<ListedObject>,
    /// How to go on; none at the end.
    pub next: Option<String>,
}

/// What of a bucket is to be listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrowseRequest {
    /// The bucket.
    pub place: BucketPlace,
    /// The beginning of the keys; a folder ends with a slash.
    #[serde(default)]
    pub prefix: String,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// Every version, delete markers too.
    #[serde(default)]
    pub versions: bool,
    /// Rows: 1 to 1,000, 200 by default.
    #[serde(default)]
    pub limit: Option<u16>,
}

/// A page of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowsePage {
    /// What was asked for.
    pub request: BrowseRequest,
    /// What lies there.
    pub listing: Listing,
}

impl BrowseRequest {
    /// Bytes of a key at most.
    pub(super) const KEY: usize = 1_024;

    /// Refuses what S3 cannot list.
    ///
    /// # Errors
    /// When the name, the prefix or the limit breaks a rule.
    pub fn check(&self) -> Result<(), Invalid> {
        self.place.check()?;
        if self.prefix.len() > Self::KEY {
            return Err(Invalid::new("prefix", "must have at most 1024 bytes"));
        }
        if self.limit.is_some_and(|limit| !(1..=1000).contains(&limit)) {
            return Err(Invalid::new("limit", "must lie between 1 and 1000"));
        }
        Ok(())
    }
}
