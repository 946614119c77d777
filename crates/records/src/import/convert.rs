use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    capture::Applier,
    error::{RecordsError, Trouble},
    event::Event,
    index::{BackupPaths, LayoutKind, Updated},
    objects::ObjectHistories,
    ports::ObjectStore,
    segment::write_segment,
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
    Ok(state)
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
