use std::collections::BTreeMap;
use std::sync::Arc;

use super::{InferredKey, infer_key};
use crate::{
    error::RecordsError,
    index::{BackupPaths, IndexHandle, LayoutKind},
    lines::is_gzip,
    ports::{GetObject, ObjectStore},
    wire::Item,
};

/// Objects looked at.
const SAMPLE: usize = 5_000;
/// Objects opened to find the key.
const OPENED: usize = 20;

/// What lies under a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// The backups found: ours first.
    pub found: Vec<Found>,
    /// Objects that are none of these, by name; at most ten.
    pub foreign: Vec<String>,
    /// Only the first objects were looked at: there are more.
    pub sampled: bool,
}

/// One backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Ours, with an index.
    Indexed {
        /// Its layout.
        layout: LayoutKind,
    },
    /// One object per record, by dynamodb-replicator (or ours without an index).
    Objects {
        /// Names by SHA-256 among those looked at.
        sha256: u64,
        /// Names by MD5 among those looked at.
        md5: u64,
        /// The key, as far as the objects tell.
        key: Option<InferredKey>,
    },
    /// An export by DynamoDB, or a snapshot in that form.
    Export {
        /// Its folder, which ends in `AWSDynamoDB/<id>/`.
        folder: String,
    },
    /// A table dump by dynamodb-replicator: compressed lines in numbered segments.
    Dump {
        /// Its folder.
        folder: String,
        /// Segments among those looked at.
        segments: u64,
    },
    /// A snapshot by dynamodb-replicator: one object of compressed lines.
    Snapshot {
        /// The object.
        object: String,
    },
}

/// Finds out what backups of `table` lie under a prefix. Nobody needs to know the layout.
pub async fn detect(
    store: &Arc<dyn ObjectStore>,
    prefix: &str,
    table: &str,
) -> Result<Detected, RecordsError> {
    let paths = BackupPaths::new(prefix, table);
    let mut detected = Detected {
        found: Vec::new(),
        foreign: Vec::new(),
        sampled: false,
    };
    let index = IndexHandle::new(store.clone(), paths.clone());
    if let Some(document) = index.find().await? {
        detected.found.push(Found::Indexed {
            layout: document.layout,
        });
    }
    objects(store, &paths, &mut detected).await?;
    let outer = match paths.prefix() {
        "" => String::new(),
        prefix => format!("{prefix}/"),
    };
    others(store, &outer, &paths, &mut detected).await?;
    Ok(detected)
}

/// Looks at what lies where one object per record would.
async fn objects(
    store: &Arc<dyn ObjectStore>,
    paths: &BackupPaths,
    detected: &mut Detected,
) -> Result<(), RecordsError> {
    let prefix = paths.objects();
    let (mut sha256, mut md5) = (0, 0);
    let mut hashed = Vec::new();
    for name in names(store, &prefix, detected).await? {
        let last = name.strip_prefix(&prefix).unwrap_or(&name);
        let is_hex = last
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        match last.len() {
            64 if is_hex => sha256 += 1,
            32 if is_hex => md5 += 1,
            _ => {
                foreign_or_file(store, name, detected).await?;
                continue;
            }
        }
        hashed.push(name);
    }
    if hashed.is_empty() {
        return Ok(());
    }
    let mut key = None;
    for name in hashed.iter().take(OPENED) {
        let body = store.get(&GetObject::new(name)).await?.body;
        if let Ok(item) = Item::parse(body) {
            key = infer_key(name.rsplit('/').next().unwrap_or_default(), &item);
            // A record whose key has one attribute tells most; the first that tells is taken.
            if key.is_some() {
                break;
            }
        }
    }
    detected.found.push(Found::Objects { sha256, md5, key });
    Ok(())
}

/// Looks for exports, dumps and snapshots beside.
async fn others(
    store: &Arc<dyn ObjectStore>,
    outer: &str,
    paths: &BackupPaths,
    detected: &mut Detected,
) -> Result<(), RecordsError> {
    let mut dumps: BTreeMap<String, u64> = BTreeMap::new();
    for name in names(store, outer, detected).await? {
        if name.starts_with(&paths.objects()) || name.contains("_tidemark/") {
            continue;
        }
        if let Some(folder) = name.strip_suffix("manifest-summary.json")
            && folder.contains("AWSDynamoDB/")
        {
            detected.found.push(Found::Export {
                folder: folder.to_owned(),
            });
            continue;
        }
        if name.contains("AWSDynamoDB/") {
            continue;
        }
        let (folder, last) = name.rsplit_once('/').unwrap_or(("", &name));
        let numbered = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
        if numbered && !folder.is_empty() {
            *dumps.entry(format!("{folder}/")).or_default() += 1;
        } else {
            foreign_or_file(store, name, detected).await?;
        }
    }
    for (folder, segments) in dumps {
        detected.found.push(Found::Dump { folder, segments });
    }
    Ok(())
}

async fn foreign_or_file(
    store: &Arc<dyn ObjectStore>,
    name: String,
    detected: &mut Detected,
) -> Result<(), RecordsError> {
    let request = GetObject {
        name: name.clone(),
        version: None,
        range: Some(0..2),
    };
    // An empty object has no range to give.
    let start = store.get(&request).await.map(|object| object.body);
    if start.is_ok_and(|start| is_gzip(&start)) {
        detected.found.push(Found::Snapshot { object: name });
    } else if detected.foreign.len() < 10 {
        detected.foreign.push(name);
    }
    Ok(())
}

async fn names(
    store: &Arc<dyn ObjectStore>,
    prefix: &str,
    detected: &mut Detected,
) -> Result<Vec<String>, RecordsError> {
    let mut names = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.list(prefix, after.as_deref()).await?;
        names.extend(page.objects.into_iter().map(|object| object.name));
        match page.next {
            Some(next) if names.len() < SAMPLE => after = Some(next),
            next => {
                detected.sampled |= next.is_some();
                return Ok(names);
            }
        }
    }
}
