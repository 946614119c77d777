//! Sorting more records than fit into memory: sorted batches are held compressed, and go to the
//! bucket when they grow too large.

use std::sync::Arc;

use bytes::Bytes;

use crate::{
    error::{RecordsError, Trouble},
    event::{Change, Event, Moment},
    index::{BackupPaths, SegmentEntry},
    key::RecordKey,
    ports::ObjectStore,
    segment::{encode_segment, put_once},
    states::{KeyRange, SegmentMerge},
    wire::Item,
};

/// Bytes of records that are sorted at once.
const BATCH_BYTES: usize = 16 << 20;
/// Compressed bytes that are held in memory.
const HELD_BYTES: usize = 48 << 20;

/// Records to be sorted by key.
pub(crate) struct Spool {
    store: Arc<dyn ObjectStore>,
    folder: String,
    batch: Vec<Event>,
    batch_bytes: usize,
    held: Vec<Bytes>,
    held_bytes: usize,
    spilled: Vec<SegmentEntry>,
}

/// Records sorted by key.
pub(crate) struct Sorted {
    merge: SegmentMerge,
    store: Arc<dyn ObjectStore>,
    spilled: Vec<String>,
}

impl Spool {
    /// Nothing yet; what does not fit goes below `work/<id>/` of the backup.
    pub(crate) fn new(store: Arc<dyn ObjectStore>, paths: &BackupPaths, id: &str) -> Self {
        Self {
            store,
            folder: format!("{}work/{id}/", paths.own()),
            batch: Vec::new(),
            batch_bytes: 0,
            held: Vec::new(),
            held_bytes: 0,
            spilled: Vec::new(),
        }
    }

    pub(crate) async fn add(&mut self, key: RecordKey, item: Item) -> Result<(), RecordsError> {
        self.batch_bytes += item.bytes().len() + key.bytes().len() + 100;
        self.batch.push(Event {
            key,
            moment: Moment::import(jiff::Timestamp::UNIX_EPOCH, 0),
            change: Change::Put(item),
        });
        if self.batch_bytes >= BATCH_BYTES {
            self.close_batch().await?;
        }
        Ok(())
    }

    async fn close_batch(&mut self) -> Result<(), RecordsError> {
        self.batch_bytes = 0;
        let encoded = encode_segment("", std::mem::take(&mut self.batch))
            .map_err(|error| RecordsError::Encode(error.to_string()))?;
        let Some(encoded) = encoded else {
            return Ok(());
        };
        if self.held_bytes + encoded.body.len() <= HELD_BYTES {
            self.held_bytes += encoded.body.len();
            self.held.push(encoded.body);
            return Ok(());
        }
        let name = format!("{}{}", self.folder, encoded.sha256);
        let bytes = u64::try_from(encoded.body.len()).unwrap_or(u64::MAX);
        put_once(&self.store, &name, encoded.body).await?;
        self.spilled.push(SegmentEntry {
            name,
            sha256: encoded.sha256,
            bytes,
            events: encoded.events,
            first: encoded.first,
            last: encoded.last,
            min_key: encoded.min_key,
            max_key: encoded.max_key,
        });
        Ok(())
    }

    pub(crate) async fn sorted(mut self) -> Result<Sorted, RecordsError> {
        self.close_batch().await?;
        let names = self
            .spilled
            .iter()
            .map(|entry| entry.name.clone())
            .collect();
        let runs = self.spilled.into_iter().map(|entry| vec![entry]).collect();
        let mut merge = SegmentMerge::of_runs(self.store.clone(), runs, KeyRange::all(), i64::MAX);
        for body in self.held {
            merge.hold(body);
        }
        Ok(Sorted {
            merge,
            store: self.store,
            spilled: names,
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
