//! Merging many small segments into few sorted runs, so that reading stays cheap. No change is
//! dropped: every second stays restorable.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    error::RecordsError,
    event::Event,
    index::{IndexDocument, IndexHandle, Retired, RunEntry, SegmentEntry, Updated},
    ports::ObjectStore,
    segment::{put_once, write_segment},
    states::{KeyRange, SegmentMerge, run_pieces},
};

/// When and how to merge.
#[derive(Clone, Debug)]
pub struct CompactOptions {
    /// Merge once there are so many segments.
    pub segments: usize,
    /// Segments merged at once at most: all of them are open together.
    pub at_once: usize,
    /// A run joins when it has at most so many times the changes of what is merged already.
    pub ratio: u64,
    /// Bytes of changes in one piece of a run, before compression.
    pub piece_bytes: usize,
    /// How long replaced segments stay, for those who read by an older index.
    pub keep: Duration,
}

impl Default for CompactOptions {
    fn default() -> Self {
        Self {
            segments: 32,
            at_once: 64,
            ratio: 4,
            piece_bytes: 8 << 20,
            keep: Duration::from_hours(1),
        }
    }
}

/// What was merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Segments merged.
    pub segments: usize,
    /// Runs merged.
    pub runs: usize,
    /// Changes in the new run.
    pub events: u64,
    /// Replaced objects deleted.
    pub deleted: usize,
}

/// Merges what is worth merging, then deletes what was replaced long enough ago. Stopped anywhere,
/// or done by two at once, it leaves the index whole.
///
/// A segment that cannot be read stops the merge, with its name: nothing is given up.
pub async fn compact(
    index: &IndexHandle,
    options: &CompactOptions,
    now: Timestamp,
) -> Result<Compacted, RecordsError> {
    let document = index.load().await?;
    let mut compacted = Compacted::default();
    if document.segments.len() >= options.segments.max(2) {
        merge(index, &document, options, now, &mut compacted).await?;
    } else {
        respell(index, &document, options, now, &mut compacted).await?;
    }
    compacted.deleted = sweep(index, options, now).await?;
    Ok(compacted)
}

async fn merge(
    index: &IndexHandle,
    document: &IndexDocument,
    options: &CompactOptions,
    now: Timestamp,
    compacted: &mut Compacted,
) -> Result<(), RecordsError> {
    let segments: Vec<SegmentEntry> = document
        .segments
        .iter()
        .take(options.at_once)
        .cloned()
        .collect();
    let mut size: u64 = segments.iter().map(|segment| segment.events).sum();
    let mut by_size: Vec<&RunEntry> = document.runs.iter().collect();
    by_size.sort_by_key(|run| run.events);
    let mut runs: Vec<RunEntry> = Vec::new();
    for run in by_size {
        if run.events > size.saturating_mul(options.ratio) {
            break;
        }
        size = size.saturating_add(run.events);
        runs.push(run.clone());
    }
    replace(index, document, segments, runs, options, now, compacted).await
}

/// Looks through one run of an earlier release, whose keys may hold numbers as they came: one that
/// holds some is written anew in order, another is noted to hold none. Then reading need not look
/// for them any more.
async fn respell(
    index: &IndexHandle,
    document: &IndexDocument,
    options: &CompactOptions,
    now: Timestamp,
    compacted: &mut Compacted,
) -> Result<(), RecordsError> {
    let schema = &document.table.key_schema;
    let spelled = document.runs.iter().find(|run| !run.canonical);
    let Some(run) = spelled.filter(|_| schema.has_numbers()) else {
        return Ok(());
    };
    let store = index.store();
    let pieces = run_pieces(store, run).await?;
    let look = SegmentMerge::of_runs(
        store.clone(),
        schema,
        vec![pieces],
        KeyRange::all(),
        i64::MAX,
    );
    if look.has_strays().await? {
        let runs = vec![run.clone()];
        return replace(index, document, Vec::new(), runs, options, now, compacted).await;
    }
    index
        .update(|document| {
            for have in &mut document.runs {
                have.canonical |= have.list == run.list;
            }
            Ok(Updated::Write(()))
        })
        .await
}

/// Merges segments and runs into one run that takes their place in the index.
async fn replace(
    index: &IndexHandle,
    document: &IndexDocument,
    segments: Vec<SegmentEntry>,
    runs: Vec<RunEntry>,
    options: &CompactOptions,
    now: Timestamp,
    compacted: &mut Compacted,
) -> Result<(), RecordsError> {
    let store = index.store();
    let schema = &document.table.key_schema;
    let mut retired: Vec<String> = segments
        .iter()
        .map(|segment| segment.name.clone())
        .collect();
    let mut sources: Vec<Vec<SegmentEntry>> = segments
        .iter()
        .map(|segment| vec![segment.clone()])
        .collect();
    for run in &runs {
        let mut pieces = run_pieces(store, run).await?;
        for piece in &mut pieces {
            piece.canonical |= run.canonical;
        }
        retired.push(run.list.clone());
        retired.extend(pieces.iter().map(|piece| piece.name.clone()));
        sources.push(pieces);
    }
    let merge = SegmentMerge::of_runs(store.clone(), schema, sources, KeyRange::all(), i64::MAX);
    let pieces = write_pieces(index, store, merge, options.piece_bytes).await?;
    let entry = write_list(index, &pieces).await?;
    // A piece can be equal to what it replaces, and must then stay.
    retired.retain(|name| *name != entry.list && pieces.iter().all(|piece| piece.name != *name));
    let merged = index
        .update(|document| {
            let all_there = segments
                .iter()
                .all(|segment| document.segments.contains(segment))
                && runs.iter().all(|run| document.runs.contains(run));
            if !all_there {
                return Ok(Updated::Leave(document.runs.contains(&entry)));
            }
            document.segments.retain(|have| !segments.contains(have));
            document.runs.retain(|have| !runs.contains(have));
            document.runs.push(entry.clone());
            document.retired.extend(retired.iter().map(|name| Retired {
                name: name.clone(),
                at: now,
            }));
            Ok(Updated::Write(true))
        })
        .await?;
    if merged {
        compacted.segments = segments.len();
        compacted.runs = runs.len();
        compacted.events = entry.events;
    }
    Ok(())
}

async fn write_pieces(
    index: &IndexHandle,
    store: &Arc<dyn ObjectStore>,
    mut merge: SegmentMerge,
    piece_bytes: usize,
) -> Result<Vec<SegmentEntry>, RecordsError> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Event> = Vec::new();
    let mut bytes = 0;
    loop {
        let event = merge.next_event().await?;
        if let Some(trouble) = merge.take_troubles().into_iter().next() {
            return Err(RecordsError::object(trouble.subject, trouble.what));
        }
        let last = event.is_none();
        if let Some(event) = event {
            bytes += event.key.bytes().len() + 100;
            bytes += event.change.item().map_or(0, |item| item.bytes().len());
            // The same change may lie in several segments.
            let again = piece
                .last()
                .is_some_and(|last| last.key == event.key && last.moment == event.moment);
            if !again {
                piece.push(event);
            }
        }
        if last || bytes >= piece_bytes {
            pieces.extend(write_segment(store, index.paths(), std::mem::take(&mut piece)).await?);
            bytes = 0;
        }
        if last {
            return Ok(pieces);
        }
    }
}

async fn write_list(
    index: &IndexHandle,
    pieces: &[SegmentEntry],
) -> Result<RunEntry, RecordsError> {
    let list =
        serde_json::to_vec(pieces).map_err(|error| RecordsError::Encode(error.to_string()))?;
    let sha256 = hex::encode(Sha256::digest(&list));
    let name = index.paths().run(&sha256);
    put_once(index.store(), &name, Bytes::from(list)).await?;
    Ok(RunEntry {
        list: name,
        sha256,
        pieces: u64::try_from(pieces.len()).unwrap_or(u64::MAX),
        events: pieces.iter().map(|piece| piece.events).sum(),
        bytes: pieces.iter().map(|piece| piece.bytes).sum(),
        first: pieces
            .iter()
            .map(|piece| piece.first)
            .min()
            .unwrap_or(i64::MAX),
        last: pieces
            .iter()
            .map(|piece| piece.last)
            .max()
            .unwrap_or(i64::MIN),
        canonical: true,
    })
}

/// Deletes what was replaced long enough ago.
async fn sweep(
    index: &IndexHandle,
    options: &CompactOptions,
    now: Timestamp,
) -> Result<usize, RecordsError> {
    let document = index.load().await?;
    let old = |retired: &Retired| {
        Duration::try_from(now.duration_since(retired.at)).is_ok_and(|age| age >= options.keep)
    };
    let in_use: std::collections::BTreeSet<&str> = document
        .segments
        .iter()
        .map(|segment| segment.name.as_str())
        .chain(document.runs.iter().map(|run| run.list.as_str()))
        .collect();
    let due: Vec<Retired> = document
        .retired
        .iter()
        .filter(|r| old(r))
        .cloned()
        .collect();
    if due.is_empty() {
        return Ok(0);
    }
    let mut pieces_in_use = std::collections::BTreeSet::new();
    for run in &document.runs {
        for piece in run_pieces(index.store(), run).await? {
            pieces_in_use.insert(piece.name);
        }
    }
    let mut deleted = 0;
    for retired in &due {
        if !in_use.contains(retired.name.as_str()) && !pieces_in_use.contains(&retired.name) {
            index.store().delete(&retired.name).await?;
            deleted += 1;
        }
    }
    index
        .update(|document| {
            document.retired.retain(|retired| !due.contains(retired));
            Ok(Updated::Write(()))
        })
        .await?;
    Ok(deleted)
}
