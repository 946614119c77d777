use std::{collections::BTreeMap, sync::Arc};

use futures::{StreamExt, TryStreamExt, stream};

use super::name_set::is_hash;
use crate::{
    error::RecordsError,
    index::BackupPaths,
    key::{KeySchema, RecordKey, object_names, spelled_names},
    ports::{GetObject, ListedVersion, ObjectStore, PortErrorKind, VersionCursor},
    wire::{Item, MAX_ITEM_BYTES},
};

/// Objects opened at a time.
const CONCURRENCY: usize = 32;

/// Names of records' objects that cannot be found from their keys: earlier releases named objects
/// by keys as they came, and a number has endlessly many spellings (`1`, `1.0`, `10e-1`).
#[derive(Debug, Default)]
pub struct OddNames {
    by_key: BTreeMap<RecordKey, Vec<String>>,
}

impl OddNames {
    /// Opens every record's object once to see how it is spelled. Only for backups of earlier
    /// releases whose key holds a number.
    pub async fn find(
        store: &Arc<dyn ObjectStore>,
        paths: &BackupPaths,
        schema: &KeySchema,
    ) -> Result<Self, RecordsError> {
        let prefix = paths.objects();
        let mut odd = Self::default();
        let mut after: Option<VersionCursor> = None;
        let mut done = String::new();
        loop {
            let page = store.list_versions(&prefix, after.as_ref()).await?;
            let mut newest: Vec<ListedVersion> = Vec::new();
            for version in page.versions {
                let is_record = version.name.strip_prefix(&prefix).is_some_and(is_hash);
                if is_record && !version.deleted && version.name != done {
                    done.clone_from(&version.name);
                    newest.push(version);
                }
            }
            let found: Vec<Option<(RecordKey, String)>> = stream::iter(newest)
                .map(|version| odd_name(store, schema, version))
                .buffered(CONCURRENCY)
                .try_collect()
                .await?;
            for (key, name) in found.into_iter().flatten() {
                odd.by_key.entry(key).or_default().push(name);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(odd),
            }
        }
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// All names that a record's object can have: those made from its key, and these.
    pub(super) fn names(&self, key: &RecordKey, schema: &KeySchema) -> Vec<String> {
        let mut names = object_names(key, schema);
        for odd in self.by_key.get(key).into_iter().flatten() {
            if !names.contains(odd) {
                names.push(odd.clone());
            }
        }
        names
    }
}

/// What cannot be read is told by who reads it for its content.
async fn odd_name(
    store: &Arc<dyn ObjectStore>,
    schema: &KeySchema,
    version: ListedVersion,
) -> Result<Option<(RecordKey, String)>, RecordsError> {
    if usize::try_from(version.size).unwrap_or(usize::MAX) > MAX_ITEM_BYTES {
        return Ok(None);
    }
    let request = GetObject::version(&version.name, Some(version.version));
    let body = match store.get(&request).await {
        Ok(object) => object.body,
        Err(error) if error.kind == PortErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Ok(item) = Item::parse(body) else {
        return Ok(None);
    };
    let Ok(key) = RecordKey::of_item(schema, &item) else {
        return Ok(None);
    };
    let hash = version.name.rsplit('/').next().unwrap_or_default();
    if object_names(&key, schema).iter().any(|name| name == hash) {
        return Ok(None);
    }
    let own = spelled_names(schema, &item).unwrap_or_default();
    Ok(own
        .into_iter()
        .find(|name| name == hash)
        .map(|name| (key, name)))
}
