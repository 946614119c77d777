use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::{
    Applier, Marks,
    quiet::Quiet,
    shards::{RETENTION, ReadyShard, plan},
    understand,
};
use crate::{
    error::RecordsError,
    event::Sequence,
    index::{Gap, IndexDocument, ShardEntry},
    ports::{
        ChangeStream, Clock, PortErrorKind, RecordsPage, ShardIterator, StreamPosition,
        StreamRecord,
    },
    states::Backup,
};

/// How often shards and marks are looked up.
const DISCOVER_EVERY: Duration = Duration::from_secs(30);
/// Records looked at at a time: those beyond a mark are few, or are looked up one by one.
const PAGE: u32 = 100;
/// Changes are stored so much before their time at the earliest: times have whole seconds.
const INEXACT: SignedDuration = SignedDuration::from_secs(2);

/// Watches a stream that somebody else stores, such as a Lambda function, which hears of nothing
/// while nothing changes: finds out up to when each shard is surely stored, and notes it in the
/// backup's index. It stores no changes.
///
/// A shard is stored up to where whoever stores it says so, where it does; beyond, as long as every
/// change that follows is found in the backup; and up to now, less a margin, where nothing follows.
pub struct Watcher {
    stream: Arc<dyn ChangeStream>,
    clock: Arc<dyn Clock>,
    applier: Applier,
    readers: BTreeMap<String, Reader>,
    discovered: Option<Timestamp>,
    marks: Marks,
}

struct Reader {
    entry: ShardEntry,
    iterator: Option<ShardIterator>,
    quiet: Quiet,
    /// Read, and not yet found in the backup.
    pending: Vec<StreamRecord>,
    /// The shard ends after what was read.
    ends: bool,
    /// What follows the mark was forgotten by the stream, or nothing did.
    from_horizon: bool,
}

impl Watcher {
    /// A watcher of one table's stream, which is stored into the applier's backup.
    pub fn new(stream: Arc<dyn ChangeStream>, clock: Arc<dyn Clock>, applier: Applier) -> Self {
        Self {
            stream,
            clock,
            applier,
            readers: BTreeMap::new(),
            discovered: None,
            marks: Marks::default(),
        }
    }

    /// One round: a look at each shard, and every half minute at what is stored.
    pub async fn tick(&mut self) -> Result<(), RecordsError> {
        let now = self.clock.now();
        let is_due = self.discovered.is_none_or(|at| {
            Duration::try_from(now.duration_since(at)).is_ok_and(|passed| passed >= DISCOVER_EVERY)
        });
        if is_due {
            self.discover(now).await?;
        }
        let shards: Vec<String> = self.readers.keys().cloned().collect();
        for shard in shards {
            self.look(&shard, now).await?;
        }
        if is_due && !self.marks.is_empty() {
            self.applier.apply(&[], &self.marks).await?;
            self.marks = Marks::default();
        }
        Ok(())
    }

    /// Looks which shards there are, how far whoever stores them says that they are stored, and
    /// whether what was read beyond is there by now.
    async fn discover(&mut self, now: Timestamp) -> Result<(), RecordsError> {
        let document = self.applier.index().load().await?;
        let Some(capture) = document.capture.clone() else {
            return Ok(());
        };
        let shards = self.stream.shards().await?;
        let plan = plan(&capture, &shards, now);
        self.marks.gaps.extend(plan.lost);
        self.marks.forgotten.extend(plan.forgotten);
        let ready: BTreeMap<String, ReadyShard> = plan
            .ready
            .into_iter()
            .map(|shard| (shard.id.clone(), shard))
            .collect();
        self.readers.retain(|shard, _| ready.contains_key(shard));
        for (id, shard) in ready {
            let reader = self.readers.entry(id).or_insert_with(|| Reader {
                entry: shard.entry.clone(),
                iterator: None,
                quiet: Quiet::default(),
                pending: Vec::new(),
                ends: false,
                from_horizon: false,
            });
            reader.catch_up(&shard.entry);
        }
        self.settle(&document).await?;
        self.discovered = Some(now);
        Ok(())
    }

    /// Finds what was read beyond the marks in the backup.
    async fn settle(&mut self, document: &IndexDocument) -> Result<(), RecordsError> {
        if self
            .readers
            .values()
            .all(|reader| reader.pending.is_empty())
        {
            return Ok(());
        }
        let backup = Backup::open(self.applier.index().clone()).await?;
        for (shard, reader) in &mut self.readers {
            let Some(first) = reader.pending.first() else {
                continue;
            };
            let since = first.created.checked_sub(INEXACT).unwrap_or(Timestamp::MIN);
            let events: Vec<_> = reader
                .pending
                .iter()
                .map(|record| understand(self.applier.schema(), record).ok())
                .collect();
            let keys: Vec<_> = events.iter().flatten().map(|e| e.key.clone()).collect();
            let recent = backup.recent(&keys, since).await?;
            let stored = events
                .iter()
                .zip(&reader.pending)
                .take_while(|(event, record)| match event {
                    Some(event) => event
                        .moment
                        .sequence
                        .is_some_and(|sequence| recent.has(&event.key, sequence)),
                    // What makes no sense is put aside.
                    None => document
                        .quarantine
                        .iter()
                        .any(|aside| aside.sequence == record.sequence_number),
                })
                .count();
            for record in reader.pending.drain(..stored) {
                let mark = &mut reader.entry.mark;
                mark.sequence = Some(record.sequence_number);
                mark.at = mark.at.max(Some(record.created));
            }
            if reader.pending.is_empty() && reader.ends {
                reader.entry.mark.closed = true;
            }
            self.marks
                .shards
                .insert(shard.clone(), reader.entry.clone());
        }
        Ok(())
    }

    /// Reads on behind what is stored for sure.
    async fn look(&mut self, shard: &str, now: Timestamp) -> Result<(), RecordsError> {
        let Some(reader) = self.readers.get_mut(shard) else {
            return Ok(());
        };
        if !reader.pending.is_empty() || reader.ends {
            return Ok(());
        }
        let position = match &reader.entry.mark.sequence {
            Some(sequence) if !reader.from_horizon => StreamPosition::After(sequence.clone()),
            _ => StreamPosition::TrimHorizon,
        };
        let iterator = match reader.iterator.take() {
            Some(iterator) => Ok(iterator),
            None => self.stream.iterator(shard, &position).await,
        };
        let page = match iterator {
            Ok(iterator) => self.stream.records(&iterator, PAGE).await,
            Err(error) => Err(error),
        };
        match page {
            Ok(page) => {
                if reader.took(page, now) {
                    self.marks
                        .shards
                        .insert(shard.to_owned(), reader.entry.clone());
                }
                Ok(())
            }
            Err(error) => {
                reader.quiet = Quiet::default();
                match error.kind {
                    PortErrorKind::Expired => Ok(()),
                    PortErrorKind::Trimmed => {
                        self.marks.gaps.extend(reader.forgotten(shard, now));
                        Ok(())
                    }
                    // The next look at the shards tells what that means.
                    PortErrorKind::NotFound => {
                        self.readers.remove(shard);
                        Ok(())
                    }
                    _ => Err(error.into()),
                }
            }
        }
    }
}

impl Reader {
    /// Goes on where whoever stores the shard says that it is stored.
    fn catch_up(&mut self, stored: &ShardEntry) {
        let number = |text: &str| Sequence::parse(text).ok();
        let told = stored.mark.sequence.as_deref().and_then(number);
        let known = self.entry.mark.sequence.as_deref().and_then(number);
        if told > known {
            self.entry.mark.sequence.clone_from(&stored.mark.sequence);
            self.pending
                .retain(|record| number(&record.sequence_number) > told);
            if self.pending.is_empty() && !self.ends {
                self.iterator = None;
                self.quiet = Quiet::default();
            }
        }
        self.entry.mark.at = self.entry.mark.at.max(stored.mark.at);
        self.entry.parent = self.entry.parent.take().or_else(|| stored.parent.clone());
    }

    /// The stream forgot what followed the mark. Nothing was lost where the mark's time is younger
    /// than what a stream keeps: then nothing followed until after it.
    fn forgotten(&mut self, shard: &str, now: Timestamp) -> Option<Gap> {
        self.from_horizon = true;
        let at = self.entry.mark.at?;
        (now.duration_since(at) > RETENTION).then(|| Gap {
            shard: shard.to_owned(),
            after_sequence: self.entry.mark.sequence.clone(),
            from: at,
            until_sequence: None,
            until: now,
            noticed_at: now,
        })
    }

    /// Takes a page in; answers whether more is known to be stored.
    fn took(&mut self, page: RecordsPage, now: Timestamp) -> bool {
        let proven = self.quiet.look(page.records.is_empty(), now);
        self.ends = page.next.is_none();
        self.iterator = page.next;
        self.pending = page.records;
        self.from_horizon &= self.pending.is_empty();
        if !self.pending.is_empty() {
            return false;
        }
        self.entry.mark.closed |= self.ends;
        if !self.ends {
            self.entry.mark.at = self.entry.mark.at.max(proven);
        }
        self.ends || proven.is_some()
    }
}
