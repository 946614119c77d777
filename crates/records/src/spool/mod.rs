//! Sorting more records than fit into memory: sorted batches are held compressed, and go to the
//! bucket when they grow too large.

use std::{collections::BTreeSet, sync::Arc};

use bytes::Bytes;

use crate::{
    error::{RecordsError, Trouble},
    event::{Change, Event, Moment},
    index::{BackupPaths, SegmentEntry},
    key::RecordKey,
    ports::ObjectStore,
    segment::{EncodedSegment, encode_segment, put_once},
    states::{KeyRange, SegmentMerge},
    wire::Item,
};

/// Bytes of records that are sorted at once.
const BATCH_BYTES: usize = 16 << 20;
/// Compressed bytes that are held in memory.
const HELD_BYTES: usize = 48 << 20;

/// Runs of one level that are merged into one of the next.
const FAN: usize = 16;

/// Pieces in the order of their keys.
type Run = Vec<SegmentEntry>;

/// Records to be sorted by key.
pub(crate) struct Spool {
    store: Arc<dyn ObjectStore>,
    folder: String,
    batch_limit: usize,
    held_limit: usize,
    batch: Vec<Event>,
    batch_bytes: usize,
    held: Vec<Bytes>,
    held_bytes: usize,
    /// Sorted runs in the bucket; those of a level are of about the same size.
    levels: Vec<Vec<Run>>,
    /// Everything that went to the bucket.
    spilled: BTreeSet<String>,
}

/// Records sorted by key.
pub(crate) struct Sorted {
    merge: SegmentMerge,
    store: Arc<dyn ObjectStore>,
    spilled: BTreeSet<String>,
}

impl Spool {
    /// Nothing yet; what does not fit goes below `work/<id>/` of the backup.
    pub(crate) fn new(store: Arc<dyn ObjectStore>, paths: &BackupPaths, id: &str) -> Self {
        Self {
            batch_limit: BATCH_BYTES,
            held_limit: HELD_BYTES,
            store,
            folder: format!("{}work/{id}/", paths.own()),
            batch: Vec::new(),
            batch_bytes: 0,
            held: Vec::new(),
            held_bytes: 0,
            levels: vec![Vec::new()],
            spilled: BTreeSet::new(),
        }
    }

    pub(crate) async fn add(&mut self, key: RecordKey, item: Item) -> Result<(), RecordsError> {
        self.batch_bytes += item.bytes().len() + key.bytes().len() + 100;
        self.batch.push(Event {
            key,
            moment: Moment::import(jiff::Timestamp::UNIX_EPOCH, 0),
            change: Change::Put(item),
        });
        if self.batch_bytes >= self.batch_limit {
            self.close_batch().await?;
        }
        Ok(())
    }

    async fn close_batch(&mut self) -> Result<(), RecordsError> {
        self.batch_bytes = 0;
        let Some(encoded) = encode(std::mem::take(&mut self.batch))? else {
            return Ok(());
        };
        if self.held_bytes + encoded.body.len() <= self.held_limit {
            self.held_bytes += encoded.body.len();
            self.held.push(encoded.body);
            return Ok(());
        }
        let entry = self.spill(encoded).await?;
        self.levels[0].push(vec![entry]);
        for level in 0.. {
            if self.levels.get(level).is_none_or(|runs| runs.len() < FAN) {
                return Ok(());
            }
            let runs = std::mem::take(&mut self.levels[level]);
            let run = self.merge(runs).await?;
            if self.levels.len() == level + 1 {
                self.levels.push(Vec::new());
            }
            self.levels[level + 1].push(run);
        }
        Ok(())
    }

    /// Merges runs into one, so that few are open at the end.
    async fn merge(&mut self, runs: Vec<Run>) -> Result<Run, RecordsError> {
        let mut merge =
            SegmentMerge::of_canonical(self.store.clone(), runs, KeyRange::all(), i64::MAX);
        let mut run = Run::new();
        let mut piece = Vec::new();
        let mut bytes = 0;
        loop {
            let event = merge.next_event().await?;
            if let Some(Trouble { subject, what }) = merge.take_troubles().into_iter().next() {
                return Err(RecordsError::object(subject, what));
            }
            let last = event.is_none();
            if let Some(event) = event {
                bytes += event.change.item().map_or(0, |item| item.bytes().len()) + 100;
                piece.push(event);
            }
            if last || bytes >= self.batch_limit {
                bytes = 0;
                if let Some(encoded) = encode(std::mem::take(&mut piece))? {
                    run.push(self.spill(encoded).await?);
                }
            }
            if last {
                return Ok(run);
            }
        }
    }

    async fn spill(&mut self, encoded: EncodedSegment) -> Result<SegmentEntry, RecordsError> {
        let name = format!("{}{}", self.folder, encoded.sha256);
        let bytes = u64::try_from(encoded.body.len()).unwrap_or(u64::MAX);
        put_once(&self.store, &name, encoded.body).await?;
        self.spilled.insert(name.clone());
        Ok(SegmentEntry {
            name,
            sha256: encoded.sha256,
            bytes,
            events: encoded.events,
            first: encoded.first,
            last: encoded.last,
            min_key: encoded.min_key,
            max_key: encoded.max_key,
            canonical: true,
        })
    }

    pub(crate) async fn sorted(mut self) -> Result<Sorted, RecordsError> {
        self.close_batch().await?;
        let runs = self.levels.into_iter().flatten().collect();
        let mut merge =
            SegmentMerge::of_canonical(self.store.clone(), runs, KeyRange::all(), i64::MAX);
        for body in self.held {
            merge.hold(body);
        }
        Ok(Sorted {
            merge,
            store: self.store,
            spilled: self.spilled,
        })
    }
}

impl Sorted {
    /// The next record; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<(RecordKey, Item)>, RecordsError> {
        let event = self.merge.next_event().await?;
        if let Some(Trouble { subject, what }) = self.merge.take_troubles().into_iter().next() {
            return Err(RecordsError::object(subject, what));
        }
        Ok(event.and_then(|event| match event.change {
            Change::Put(item) => Some((event.key, item)),
            Change::Delete => None,
        }))
    }

    /// Deletes what went to the bucket.
    pub(crate) async fn discard(self) -> Result<(), RecordsError> {
        for name in &self.spilled {
            self.store.delete(name).await?;
        }
        Ok(())
    }
}

fn encode(events: Vec<Event>) -> Result<Option<EncodedSegment>, RecordsError> {
    encode_segment("", events).map_err(|error| RecordsError::Encode(error.to_string()))
}

#[cfg(test)]
mod tests;
