use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use jiff::Timestamp;

use super::{
    Applier, Marks,
    quiet::Quiet,
    shards::{ReadyShard, plan},
};
use crate::{
    error::{RecordsError, Trouble},
    index::{BackupPaths, Gap, ShardEntry},
    ports::{
        ChangeStream, Checkpoints, Clock, PortError, PortErrorKind, RecordsPage, ShardIterator,
        ShardLease, StreamPosition, StreamRecord,
    },
};

/// Shards read at a time.
const CONCURRENCY: usize = 8;

/// How a streamer goes about it.
#[derive(Clone, Debug)]
pub struct StreamerOptions {
    /// This worker's name, different from all others'.
    pub worker: String,
    /// How long a shard is held without a sign of life.
    pub lease: Duration,
    /// Changes that are stored at once at the latest.
    pub flush_records: usize,
    /// Bytes of changes that are stored at once at the latest.
    pub flush_bytes: usize,
    /// How long a change waits before it is stored.
    pub flush_after: Duration,
    /// How often shards are looked up, and how often marks of quiet shards are stored.
    pub discover_every: Duration,
    /// Pause of [`Streamer::run`] where nothing is new.
    pub idle_pause: Duration,
    /// Pause of [`Streamer::run`] where more may follow. A shard may be read five times a second.
    pub busy_pause: Duration,
    /// Records asked for at a time, at most 1,000.
    pub page: u32,
}

impl StreamerOptions {
    /// What suits most tables.
    pub fn new(worker: impl Into<String>) -> Self {
        Self {
            worker: worker.into(),
            lease: Duration::from_mins(1),
            flush_records: 10_000,
            flush_bytes: 8 << 20,
            flush_after: Duration::from_secs(10),
            discover_every: Duration::from_secs(30),
            idle_pause: Duration::from_secs(1),
            busy_pause: Duration::from_millis(200),
            page: 1_000,
        }
    }
}

/// What one round did.
#[derive(Clone, Debug, Default)]
pub struct Tick {
    /// Records read.
    pub read: u64,
    /// Records stored, those of earlier rounds too.
    pub stored: u64,
    /// Records put aside because they make no sense.
    pub quarantined: Vec<Trouble>,
    /// Gaps met.
    pub gaps: Vec<Gap>,
    /// Shards that this worker holds.
    pub shards: usize,
    /// A shard was read to its end: its children can be read.
    pub closed: bool,
}

/// The name under which the checkpoints of a stream into a place are kept.
pub fn capture_name(stream: &str, paths: &BackupPaths) -> String {
    format!("{stream} {}", paths.own())
}

/// Follows a table's stream and stores its changes. Replicas share the shards by leases.
///
/// Everything that counts is in the backup's index, written together with the data: a streamer
/// that dies anywhere is replaced by a new one that goes on where the index says.
pub struct Streamer {
    stream: Arc<dyn ChangeStream>,
    checkpoints: Arc<dyn Checkpoints>,
    clock: Arc<dyn Clock>,
    applier: Applier,
    options: StreamerOptions,
    capture: String,
    readers: BTreeMap<String, Reader>,
    buffer: Vec<StreamRecord>,
    buffered_bytes: usize,
    oldest_buffered: Option<Timestamp>,
    marks: Marks,
    urgent: bool,
    discovered: Option<Timestamp>,
}

struct Reader {
    lease: ShardLease,
    held_until: Timestamp,
    entry: ShardEntry,
    iterator: Option<ShardIterator>,
    /// What was lost before the next record: after which one, and since when.
    gap: Option<(Option<String>, Timestamp)>,
    /// Whether nothing was there to be read, lately.
    quiet: Quiet,
}

impl Streamer {
    /// A streamer of one table's changes into the applier's backup.
    pub fn new(
        stream: Arc<dyn ChangeStream>,
        checkpoints: Arc<dyn Checkpoints>,
        clock: Arc<dyn Clock>,
        applier: Applier,
        options: StreamerOptions,
    ) -> Self {
        let capture = capture_name(stream.arn(), applier.index().paths());
        Self {
            stream,
            checkpoints,
            clock,
            applier,
            options,
            capture,
            readers: BTreeMap::new(),
            buffer: Vec::new(),
            buffered_bytes: 0,
            oldest_buffered: None,
            marks: Marks::default(),
            urgent: false,
            discovered: None,
        }
    }

    /// Follows the stream until `stop` is ready; stores what was read before it returns. An error
    /// that may pass is waited out; another one ends it.
    pub async fn run(&mut self, stop: impl Future<Output = ()> + Send) -> Result<(), RecordsError> {
        let mut stop = std::pin::pin!(stop);
        loop {
            let pause = match self.tick().await {
                Ok(tick) if tick.read > 0 || tick.closed => self.options.busy_pause,
                Ok(_) => self.options.idle_pause,
                Err(error) if error.is_retryable() => self.options.idle_pause,
                Err(error) => return Err(error),
            };
            let waited = self.clock.pause(pause);
            if let futures::future::Either::Left(_) =
                futures::future::select(&mut stop, waited).await
            {
                break;
            }
        }
        self.flush(&mut Tick::default()).await?;
        self.release().await
    }

    /// One round: looks for shards, reads a page of each that it holds, stores what is due.
    pub async fn tick(&mut self) -> Result<Tick, RecordsError> {
        let mut tick = Tick::default();
        let now = self.clock.now();
        if is_over(self.discovered, self.options.discover_every, now) {
            self.discover(now).await?;
        }
        self.renew(now).await?;
        let mut read = Ok(());
        // While storing fails, no more is read than is stored at once.
        if self.buffer.len() < self.options.flush_records
            && self.buffered_bytes < self.options.flush_bytes
        {
            read = self.read(now, &mut tick).await;
        }
        // One shard that cannot be read does not keep what the others gave from being stored.
        if self.is_due(now) {
            self.flush(&mut tick).await?;
        }
        read?;
        tick.shards = self.readers.len();
        Ok(tick)
    }

    /// Stores what was read so far.
    pub async fn flush(&mut self, tick: &mut Tick) -> Result<(), RecordsError> {
        if self.buffer.is_empty() && self.marks.is_empty() {
            return Ok(());
        }
        let applied = self.applier.apply(&self.buffer, &self.marks).await?;
        if let Some(failed) = applied.failed {
            return Err(failed.error);
        }
        tick.stored += applied.stored + applied.older;
        tick.quarantined.extend(applied.quarantined);
        let marks = std::mem::take(&mut self.marks);
        self.buffer.clear();
        self.buffered_bytes = 0;
        self.oldest_buffered = None;
        self.urgent = false;
        for (shard, entry) in &marks.shards {
            if let Some(reader) = self.readers.get(shard) {
                match self.checkpoints.save(&reader.lease, &entry.mark).await {
                    Err(error) if error.kind == PortErrorKind::PreconditionFailed => {
                        self.readers.remove(shard);
                    }
                    result => result?,
                }
            }
            if entry.mark.closed
                && let Some(reader) = self.readers.remove(shard)
            {
                self.checkpoints.release(&reader.lease).await?;
                // Its children are ready now.
                self.discovered = None;
            }
        }
        tick.gaps.extend(marks.gaps);
        Ok(())
    }

    /// Gives all shards back.
    pub async fn release(&mut self) -> Result<(), RecordsError> {
        for reader in std::mem::take(&mut self.readers).into_values() {
            self.checkpoints.release(&reader.lease).await?;
        }
        Ok(())
    }

    fn is_due(&self, now: Timestamp) -> bool {
        let waited = self
            .oldest_buffered
            .is_some_and(|oldest| is_over(Some(oldest), self.options.flush_after, now));
        self.urgent
            || waited
            || self.buffer.len() >= self.options.flush_records
            || self.buffered_bytes >= self.options.flush_bytes
    }

    fn until(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.options.lease)
            .unwrap_or(Timestamp::MAX)
    }

    /// Looks which shards there are and takes those that nobody reads.
    async fn discover(&mut self, now: Timestamp) -> Result<(), RecordsError> {
        let document = self.applier.index().load().await?;
        let capture = document.capture.ok_or_else(|| {
            RecordsError::refused(format!(
                "{} has no capture: prepare it first",
                self.applier.index().paths().index()
            ))
        })?;
        if capture.stream != self.stream.arn() {
            return Err(RecordsError::refused(format!(
                "the backup captures the stream {}, not {}: prepare it again",
                capture.stream,
                self.stream.arn()
            )));
        }
        let shards = self.stream.shards().await?;
        let plan = plan(&capture, &shards, now);
        self.urgent |= !plan.lost.is_empty() || !self.marks.is_empty();
        self.marks.gaps.extend(plan.lost);
        self.marks.forgotten.extend(plan.forgotten);
        for shard in plan.ready {
            if !self.readers.contains_key(&shard.id) {
                self.take(shard, now).await?;
            }
        }
        self.discovered = Some(now);
        Ok(())
    }

    async fn take(&mut self, shard: ReadyShard, now: Timestamp) -> Result<(), RecordsError> {
        let until = self.until(now);
        let lease = self
            .checkpoints
            .lease(&self.capture, &shard.id, &self.options.worker, now, until)
            .await?;
        let Some(lease) = lease else {
            return Ok(());
        };
        // Whoever had the lease before may have stored more since the index was read.
        let document = self.applier.index().load().await?;
        let stored = document
            .capture
            .and_then(|mut capture| capture.shards.remove(&shard.id));
        let entry = stored.unwrap_or(shard.entry);
        if entry.mark.closed {
            return Ok(self.checkpoints.release(&lease).await?);
        }
        let reader = Reader {
            lease,
            held_until: until,
            gap: shard.late_since.map(|since| (None, since)),
            entry,
            iterator: None,
            quiet: Quiet::default(),
        };
        self.readers.insert(shard.id, reader);
        Ok(())
    }

    async fn renew(&mut self, now: Timestamp) -> Result<(), RecordsError> {
        let until = self.until(now);
        let half = self.options.lease / 2;
        let mut lost = Vec::new();
        for (shard, reader) in &mut self.readers {
            let left = reader.held_until.duration_since(now);
            if Duration::try_from(left).is_ok_and(|left| left > half) {
                continue;
            }
            if self.checkpoints.renew(&reader.lease, until).await? {
                reader.held_until = until;
            } else {
                lost.push(shard.clone());
            }
        }
        for shard in lost {
            self.readers.remove(&shard);
        }
        Ok(())
    }

    async fn read(&mut self, now: Timestamp, tick: &mut Tick) -> Result<(), RecordsError> {
        let (source, limit) = (&self.stream, self.options.page);
        let asked = self.readers.iter().map(|(shard, reader)| {
            let (shard, iterator) = (shard.clone(), reader.iterator.clone());
            let position = match &reader.entry.mark.sequence {
                Some(sequence) if reader.gap.is_none() => StreamPosition::After(sequence.clone()),
                _ => StreamPosition::TrimHorizon,
            };
            async move {
                let page = page(source.as_ref(), &shard, iterator, &position, limit).await;
                (shard, page)
            }
        });
        let pages: Vec<(String, Result<RecordsPage, PortError>)> =
            stream::iter(asked.collect::<Vec<_>>())
                .buffered(CONCURRENCY)
                .collect()
                .await;
        let mut failed = None;
        for (shard, page) in pages {
            match page {
                Ok(page) => self.took(&shard, page, now, tick),
                Err(error) => {
                    let Some(reader) = self.readers.get_mut(&shard) else {
                        continue;
                    };
                    reader.iterator = None;
                    reader.quiet = Quiet::default();
                    match error.kind {
                        PortErrorKind::Expired => {}
                        PortErrorKind::Trimmed => {
                            let mark = &reader.entry.mark;
                            let since = mark.at.or(self.discovered).unwrap_or(now);
                            reader
                                .gap
                                .get_or_insert_with(|| (mark.sequence.clone(), since));
                        }
                        // The shard is gone: the next look at the shards tells what that means.
                        PortErrorKind::NotFound => {
                            self.readers.remove(&shard);
                            self.discovered = None;
                        }
                        _ => failed = Some(error),
                    }
                }
            }
        }
        failed.map_or(Ok(()), |error| Err(error.into()))
    }

    fn took(&mut self, shard: &str, page: RecordsPage, now: Timestamp, tick: &mut Tick) {
        let Some(reader) = self.readers.get_mut(shard) else {
            return;
        };
        let closed = page.next.is_none();
        reader.iterator = page.next;
        let first = page.records.first();
        if (first.is_some() || closed)
            && let Some((after_sequence, from)) = reader.gap.take()
        {
            self.marks.gaps.push(Gap {
                shard: shard.to_owned(),
                after_sequence,
                from,
                until_sequence: first.map(|record| record.sequence_number.clone()),
                until: first.map_or(now, |record| record.created),
                noticed_at: now,
            });
            self.urgent = true;
        }
        let mark = &mut reader.entry.mark;
        let quiet = page.records.is_empty();
        let proven = reader.quiet.look(quiet, now);
        match page.records.last() {
            Some(last) => {
                mark.sequence = Some(last.sequence_number.clone());
                mark.at = mark.at.max(Some(last.created));
            }
            // A shard that ends says nothing of its children, which go on with its keys.
            None if closed => {}
            None => mark.at = mark.at.max(proven),
        }
        if closed {
            mark.closed = true;
            tick.closed = true;
            self.urgent = true;
        }
        // The mark of a quiet shard is stored at the next look at the shards.
        self.marks
            .shards
            .insert(shard.to_owned(), reader.entry.clone());
        if quiet {
            return;
        }
        tick.read += u64::try_from(page.records.len()).unwrap_or(u64::MAX);
        self.oldest_buffered.get_or_insert(now);
        for record in page.records {
            self.buffered_bytes +=
                record.keys.len() + record.new_image.as_ref().map_or(0, bytes::Bytes::len);
            self.buffer.push(record);
        }
    }
}

fn is_over(since: Option<Timestamp>, after: Duration, now: Timestamp) -> bool {
    since.is_none_or(|since| {
        Duration::try_from(now.duration_since(since)).is_ok_and(|passed| passed >= after)
    })
}

async fn page(
    stream: &dyn ChangeStream,
    shard: &str,
    iterator: Option<ShardIterator>,
    position: &StreamPosition,
    limit: u32,
) -> Result<RecordsPage, PortError> {
    let iterator = match iterator {
        Some(iterator) => iterator,
        None => stream.iterator(shard, position).await?,
    };
    stream.records(&iterator, limit).await
}
