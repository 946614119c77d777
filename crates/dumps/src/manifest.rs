use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Content, DumpError, DumpStore, Hashed, Packing, retry::retried};

/// What the name of a manifest adds to that of its dump.
pub(crate) const SUFFIX: &str = ".manifest.json";
/// The version of manifests that is written and read.
const VERSION: u32 = 1;
/// What a manifest has at most: ten thousand sets with long names.
const LONGEST: u64 = 16 << 20;
/// What a key has at most.
const LONGEST_KEY: usize = 1_024;

/// What is known of a dump, kept beside it. It is written last: what has none is no dump.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this document.
    pub tidemark_dump: u32,
    /// The program that wrote it.
    pub tool: String,
    /// The object's key.
    pub key: String,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// `ETag` of the object.
    pub etag: String,
    /// The object as it is stored.
    pub stored: Hashed,
    /// What it is packed with.
    pub packing: Packing,
    /// Whether it came packed so: then it is given back so.
    pub came_packed: bool,
    /// The stream as it came, and as it is given back.
    pub stream: Hashed,
    /// What was packed in a stream that came packed.
    pub unpacked: Option<Hashed>,
    /// What was in it.
    pub content: Content,
}

impl Manifest {
    pub(crate) const VERSION: u32 = VERSION;

    /// The name of a dump's manifest.
    pub fn key_of(key: &str) -> String {
        format!("{key}{SUFFIX}")
    }

    /// Whether a dump can have this name.
    pub fn check_key(key: &str) -> Result<(), DumpError> {
        let what = if key.is_empty() {
            "it is empty"
        } else if key.len() + SUFFIX.len() > LONGEST_KEY {
            "it is too long"
        } else if key.ends_with('/') || key.starts_with('/') {
            "it must neither begin nor end with a slash"
        } else if key.ends_with(SUFFIX) {
            "it is the name of a manifest"
        } else if key.chars().any(char::is_control) {
            "it has control characters"
        } else {
            return Ok(());
        };
        Err(DumpError::Key {
            key: key.escape_debug().to_string(),
            what,
        })
    }

    /// The manifest of a dump; none where there is none.
    pub(crate) async fn find(store: &dyn DumpStore, key: &str) -> Result<Option<Self>, DumpError> {
        let name = Self::key_of(key);
        let Some(body) = retried(|| store.get_small(&name, LONGEST)).await? else {
            return Ok(None);
        };
        let wrong = |what: String| DumpError::Manifest {
            key: key.to_owned(),
            what,
        };
        let manifest: Self =
            serde_json::from_slice(&body).map_err(|error| wrong(error.to_string()))?;
        if manifest.tidemark_dump != VERSION {
            return Err(wrong(format!(
                "its version is {}; this program reads {VERSION}",
                manifest.tidemark_dump
            )));
        }
        if manifest.key != key {
            return Err(wrong(format!("it is of {}", manifest.key)));
        }
        Ok(Some(manifest))
    }
}
