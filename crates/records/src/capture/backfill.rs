use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::Applier;
use crate::{
    error::{RecordsError, Trouble},
    event::{Change, Event, Moment},
    index::{BackfillEntry, BackfillSegment, LayoutKind, Updated},
    key::RecordKey,
    ports::{Clock, ScanRequest, SourceTable, VersionCursor},
    segment::write_segment,
    wire::Item,
};

/// How much older than the scan the time of its records is, where the capture has been running for
/// longer: more than clocks differ.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);
/// How old the capture must be: longer than reads that are not consistent lag behind.
const AGE: SignedDuration = SignedDuration::from_secs(10);
/// Records written at a time in the objects layout.
const CONCURRENCY: usize = 32;

/// How a backfill goes about it.
#[derive(Clone, Debug)]
pub struct BackfillOptions {
    /// Parallel parts of the scan; kept when a backfill is resumed.
    pub segments: u32,
    /// Read capacity used per second at most, in thousandths of a unit; none for no limit.
    pub capacity_milli_per_second: Option<u64>,
    /// Records of one page; none for as many as fit a megabyte.
    pub page: Option<u32>,
    /// Records that are stored at once.
    pub flush_records: usize,
    /// Bytes that are stored at once.
    pub flush_bytes: usize,
}

impl Default for BackfillOptions {
    fn default() -> Self {
        Self {
            segments: 4,
            capacity_milli_per_second: None,
            page: None,
            flush_records: 20_000,
            flush_bytes: 8 << 20,
        }
    }
}

/// How far a backfill is.
#[derive(Clone, Debug, Default)]
pub struct BackfillProgress {
    /// Records read so far, those before an interruption too.
    pub items: u64,
    /// Bytes read by this run.
    pub bytes: u64,
    /// Capacity used by this run, in thousandths of a unit.
    pub capacity_milli: u64,
    /// Parts done.
    pub segments_done: u32,
    /// Records that could not be read.
    pub troubles: Vec<Trouble>,
}

/// Stores what a table held before its stream was captured, by a parallel scan. Capture must have
/// begun. What the stream tells of a record is always newer than what the scan does. Stopped
/// anywhere, it goes on where the index says.
pub struct Backfill {
    table: Arc<dyn SourceTable>,
    clock: Arc<dyn Clock>,
    applier: Applier,
    options: BackfillOptions,
    id: String,
    progress: Mutex<BackfillProgress>,
}

impl Backfill {
    /// The backfill `id` of a table into the applier's backup; the same id resumes.
    pub fn new(
        table: Arc<dyn SourceTable>,
        clock: Arc<dyn Clock>,
        applier: Applier,
        options: BackfillOptions,
        id: impl Into<String>,
    ) -> Self {
        Self {
            table,
            clock,
            applier,
            options,
            id: id.into(),
            progress: Mutex::default(),
        }
    }

    /// How far this run is.
    pub async fn progress(&self) -> BackfillProgress {
        self.progress.lock().await.clone()
    }

    /// Scans and stores until all is done. Begins when the capture is old enough that a scan cannot
    /// miss what was written before it.
    pub async fn run(&self) -> Result<BackfillProgress, RecordsError> {
        self.wait_for_capture().await?;
        let entry = self.begin().await?;
        {
            let mut progress = self.progress.lock().await;
            progress.items = entry.segments.iter().map(|segment| segment.items).sum();
        }
        let total = u32::try_from(entry.segments.len()).unwrap_or(1);
        let parts = entry
            .segments
            .iter()
            .zip(0_u32..)
            .map(|(state, number)| self.scan_part(entry.base, number, total, state.clone()));
        stream::iter(parts.collect::<Vec<_>>())
            .buffer_unordered(entry.segments.len().max(1))
            .try_collect::<Vec<()>>()
            .await?;
        if self.applier.layout() == LayoutKind::Objects {
            self.settle().await?;
        }
        let now = self.clock.now();
        self.change(move |entry| {
            entry.completed_at.get_or_insert(now);
        })
        .await?;
        Ok(self.progress().await)
    }

    async fn wait_for_capture(&self) -> Result<(), RecordsError> {
        let document = self.applier.index().load().await?;
        let since = document.capture.map(|capture| capture.since);
        let age = since.map(|since| self.clock.now().duration_since(since));
        let left = age.and_then(|age| Duration::try_from(AGE - age).ok());
        if let Some(left) = left {
            self.clock.pause(left).await;
        }
        Ok(())
    }

    /// Enters the backfill in the index, or finds it there.
    async fn begin(&self) -> Result<BackfillEntry, RecordsError> {
        let now = self.clock.now();
        let parts = usize::try_from(self.options.segments.max(1)).unwrap_or(1);
        self.applier
            .index()
            .update(|document| {
                if let Some(entry) = document.backfills.iter().find(|entry| entry.id == self.id) {
                    return Ok(Updated::Leave(entry.clone()));
                }
                let capture = document.capture.as_ref().ok_or_else(|| {
                    RecordsError::refused("a backfill before the capture would miss changes")
                })?;
                let last_gap = document.gaps.iter().map(|gap| gap.until).max();
                let since = last_gap.map_or(capture.since, |gap| gap.max(capture.since));
                let margin = now.checked_sub(MARGIN).unwrap_or(Timestamp::MIN);
                // A stream's times are whole seconds, rounded down.
                let base = Timestamp::from_second(since.max(margin).as_second()).unwrap_or(since);
                let entry = BackfillEntry {
                    id: self.id.clone(),
                    base,
                    started_at: now,
                    completed_at: None,
                    segments: vec![BackfillSegment::default(); parts],
                };
                document.backfills.push(entry.clone());
                Ok(Updated::Write(entry))
            })
            .await
    }

    async fn change(
        &self,
        change: impl Fn(&mut BackfillEntry) + Send + Sync,
    ) -> Result<(), RecordsError> {
        self.applier
            .index()
            .update(|document| {
                if let Some(entry) = document.backfills.iter_mut().find(|e| e.id == self.id) {
                    change(entry);
                }
                Ok(Updated::Write(()))
            })
            .await
    }

    async fn scan_part(
        &self,
        base: Timestamp,
        number: u32,
        total: u32,
        mut state: BackfillSegment,
    ) -> Result<(), RecordsError> {
        let mut events = Vec::new();
        let mut bytes = 0;
        while !state.done {
            let request = ScanRequest {
                segment: number,
                total_segments: total,
                start: state.next.clone().map(Into::into),
                limit: self.options.page,
                consistent: false,
            };
            let page = self.table.scan(&request).await?;
            state.items += u64::try_from(page.items.len()).unwrap_or(u64::MAX);
            state.done = page.next.is_none();
            state.next = page
                .next
                .map(|next| String::from_utf8_lossy(&next).into_owned());
            let mut troubles = Vec::new();
            let page_bytes: usize = page.items.iter().map(bytes::Bytes::len).sum();
            bytes += page_bytes;
            let read = page.items.len();
            for item in page.items {
                match self.event(base, item) {
                    Ok(event) => events.push(event),
                    Err(trouble) => troubles.push(trouble),
                }
            }
            self.count(read, page_bytes, page.capacity_milli, troubles)
                .await;
            let full =
                events.len() >= self.options.flush_records || bytes >= self.options.flush_bytes;
            if full || state.done {
                self.store(number, std::mem::take(&mut events), &state)
                    .await?;
                bytes = 0;
            }
            if !state.done {
                self.pace(page.capacity_milli, total).await;
            }
        }
        self.progress.lock().await.segments_done += 1;
        Ok(())
    }

    fn event(&self, base: Timestamp, text: bytes::Bytes) -> Result<Event, Trouble> {
        let start: String = String::from_utf8_lossy(&text[..text.len().min(200)]).into_owned();
        let item = Item::parse(text).map_err(|error| Trouble::wire(&start, &error))?;
        let key = RecordKey::of_item(self.applier.schema(), &item)
            .map_err(|error| Trouble::key(&start, &error))?;
        Ok(Event {
            key,
            moment: Moment::backfill(base),
            change: Change::Put(item),
        })
    }

    async fn count(&self, items: usize, bytes: usize, capacity: u64, troubles: Vec<Trouble>) {
        let mut progress = self.progress.lock().await;
        progress.items += u64::try_from(items).unwrap_or(u64::MAX);
        progress.bytes += u64::try_from(bytes).unwrap_or(u64::MAX);
        progress.capacity_milli += capacity;
        progress.troubles.extend(troubles);
    }

    /// Stores records and how far the part is, the latter only when the former are safe.
    async fn store(
        &self,
        number: u32,
        events: Vec<Event>,
        state: &BackfillSegment,
    ) -> Result<(), RecordsError> {
        let index = self.applier.index();
        let mut segment = None;
        match self.applier.layout() {
            LayoutKind::Segments => {
                segment = write_segment(index.store(), index.paths(), events).await?;
            }
            LayoutKind::Objects => {
                stream::iter(events)
                    .map(|event| async move { self.applier.objects().fill(&event).await })
                    .buffer_unordered(CONCURRENCY)
                    .try_collect::<Vec<_>>()
                    .await?;
            }
        }
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        index
            .update(|document| {
                if let Some(segment) = &segment {
                    document.add_segment(segment.clone());
                }
                let entry = document.backfills.iter_mut().find(|e| e.id == self.id);
                if let Some(part) = entry.and_then(|entry| entry.segments.get_mut(place)) {
                    *part = state.clone();
                }
                Ok(Updated::Write(()))
            })
            .await
    }

    /// Waits as long as the capacity used is worth.
    async fn pace(&self, used_milli: u64, parts: u32) {
        let Some(limit) = self.options.capacity_milli_per_second else {
            return;
        };
        let millis = used_milli
            .saturating_mul(1_000)
            .saturating_mul(u64::from(parts))
            / limit.max(1);
        self.clock.pause(Duration::from_millis(millis)).await;
    }

    /// A record that was deleted while the scan was writing it may lie over its own delete marker:
    /// such copies are deleted again, so that other tools see the deletion, too.
    async fn settle(&self) -> Result<(), RecordsError> {
        let index = self.applier.index();
        let (store, prefix) = (index.store(), index.paths().objects());
        let mut after: Option<VersionCursor> = None;
        let mut open: BTreeMap<String, bool> = BTreeMap::new();
        loop {
            let page = store.list_versions(&prefix, after.as_ref()).await?;
            for version in &page.versions {
                if version.latest && !version.deleted {
                    open = BTreeMap::from([(version.name.clone(), true)]);
                } else if open.remove(&version.name).is_some() && version.deleted {
                    self.applier.objects().settle(&version.name).await?;
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }
}
