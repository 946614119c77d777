use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::settle::settle;
use crate::{
    capture::Applier,
    error::{RecordsError, Trouble},
    event::Event,
    index::{BackupPaths, LayoutKind, Updated},
    key::RecordKey,
    objects::ObjectHistories,
    ports::{GetObject, ObjectStore, PortErrorKind},
    segment::write_segment,
    wire::Item,
};

/// How to convert.
#[derive(Clone, Debug)]
pub struct ConvertOptions {
    /// Changes of one segment at most.
    pub segment_events: usize,
    /// Bytes of one segment at most, before compression.
    pub segment_bytes: usize,
}

impl Default for ConvertOptions {
    fn default() -> Self {
        Self {
            segment_events: 50_000,
            segment_bytes: 16 << 20,
        }
    }
}

/// How far a conversion is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConvertProgress {
    /// Records read.
    pub records: u64,
    /// Versions of them stored.
    pub versions: u64,
    /// Versions of objects that are no records.
    pub foreign: u64,
    /// Records among them that were gone by the time at which the table was captured first: stored as deleted then.
    #[serde(default)]
    pub deleted: u64,
    /// Objects that could not be read.
    pub troubles: Vec<Trouble>,
}

/// Stores every version of every record of an older, one-object-per-record backup into a backup of
/// segments. Times are S3's, where the older tool wrote; names and copies of one record are merged.
/// Doing it again adds nothing: the same changes make the same segments.
pub async fn convert(
    store: &Arc<dyn ObjectStore>,
    from: &BackupPaths,
    to: &Applier,
    options: &ConvertOptions,
    mut progress: impl FnMut(&ConvertProgress) + Send,
) -> Result<ConvertProgress, RecordsError> {
    if to.layout() != LayoutKind::Segments {
        return Err(RecordsError::refused(
            "an older backup is converted to segments; in the objects layout it is read in place",
        ));
    }
    let mut histories =
        ObjectHistories::open(store.clone(), from.clone(), to.schema().clone()).await?;
    let mut state = ConvertProgress::default();
    let mut events: Vec<Event> = Vec::new();
    let mut bytes = 0;
    while let Some(page) = histories.next_page().await? {
        state.troubles.extend(page.troubles);
        for (key, versions) in page.records {
            state.records += 1;
            for version in versions {
                state.versions += 1;
                bytes += version.change.item().map_or(0, |item| item.bytes().len()) + 100;
                events.push(Event {
                    key: key.clone(),
                    moment: version.moment,
                    change: version.change,
                });
            }
        }
        if events.len() >= options.segment_events || bytes >= options.segment_bytes {
            store_events(to, std::mem::take(&mut events)).await?;
            bytes = 0;
        }
        state.foreign = histories.foreign();
        progress(&state);
    }
    store_events(to, events).await?;
    state.deleted = settle(to, &mut state.troubles).await?;
    if let Some(misnamed) = misnamed(store, to, histories.foreign_names()).await? {
        state.troubles.push(misnamed);
    }
    Ok(state)
}

/// Whether objects that no record's name leads to hold records all the same: forks of the older tool name them otherwise.
async fn misnamed(
    store: &Arc<dyn ObjectStore>,
    to: &Applier,
    names: &[String],
) -> Result<Option<Trouble>, RecordsError> {
    let mut found: Vec<&String> = Vec::new();
    for name in names {
        let object = match store.get(&GetObject::new(name)).await {
            Ok(object) => object,
            Err(error) if error.kind == PortErrorKind::NotFound => continue,
            Err(error) => return Err(error.into()),
        };
        let item = Item::parse(object.body);
        if item.is_ok_and(|item| RecordKey::of_item(to.schema(), &item).is_ok()) {
            found.push(name);
        }
    }
    let Some(first) = found.first() else {
        return Ok(None);
    };
    let count = match found.len() {
        1 => "1 object holds a record under a name that is not understood".to_owned(),
        count => format!("{count} objects hold records under names that are not understood"),
    };
    Ok(Some(Trouble::new(
        *first,
        format!("{count}: they are not in the new backup"),
    )))
}

pub(super) async fn store_events(to: &Applier, events: Vec<Event>) -> Result<(), RecordsError> {
    let index = to.index();
    let Some(segment) = write_segment(index.store(), index.paths(), events).await? else {
        return Ok(());
    };
    index
        .update(|document| {
            document.add_segment(segment.clone());
            Ok(Updated::Write(()))
        })
        .await
}
