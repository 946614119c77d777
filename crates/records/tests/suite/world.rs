//! A table with its stream, a bucket, checkpoints and a clock, and processes that come and go.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::Timestamp;

use tidemark_records::{
    RecordsError,
    capture::{
        Applier, Backfill, BackfillOptions, BackfillProgress, Streamer, StreamerOptions, Tick,
        prepare,
    },
    index::{BackupPaths, IndexHandle, LayoutKind},
    key::{KeyAttribute, KeySchema, KeyType, RecordKey},
    ports::{Clock, ObjectStore, SourceTable, StreamView},
    retry::{Backoff, RetryingStore, RetryingTable},
    states::{Backup, KeyRange},
    testing::{Faults, MemoryCheckpoints, MemoryStore, MemoryStream, MemoryTable, StillClock},
    wire::Item,
};

/// Everything outside of the processes.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) clock: StillClock,
    pub(crate) store: MemoryStore,
    pub(crate) table: MemoryTable,
    pub(crate) stream: MemoryStream,
    pub(crate) checkpoints: MemoryCheckpoints,
    pub(crate) layout: LayoutKind,
    pub(crate) prefix: String,
}

pub(crate) fn simple() -> KeySchema {
    KeySchema::simple(KeyAttribute::new("id", KeyType::S))
}

pub(crate) fn composite() -> KeySchema {
    KeySchema::composite(
        KeyAttribute::new("tenant", KeyType::S),
        KeyAttribute::new("number", KeyType::N),
    )
}

pub(crate) fn item(text: &str) -> Item {
    Item::parse(text.to_owned()).unwrap()
}

impl World {
    pub(crate) fn new(schema: KeySchema, layout: LayoutKind) -> Self {
        let clock = StillClock::default();
        let table = MemoryTable::new("orders", schema, clock.clone());
        Self {
            store: MemoryStore::new(clock.clone()),
            stream: MemoryStream::new(table.clone()),
            table,
            checkpoints: MemoryCheckpoints::default(),
            clock,
            layout,
            prefix: "backups".to_owned(),
        }
    }

    /// The bucket as a process sees it: with its faults, and with retries.
    pub(crate) fn store(&self, faults: &Faults) -> Arc<dyn ObjectStore> {
        Arc::new(RetryingStore::new(
            Arc::new(self.store.with_faults(faults.clone())),
            self.backoff(),
        ))
    }

    pub(crate) fn backoff(&self) -> Backoff {
        Backoff::new(Arc::new(self.clock.clone()))
    }

    pub(crate) fn paths(&self) -> BackupPaths {
        BackupPaths::new(self.prefix.clone(), "orders")
    }

    pub(crate) fn index(&self, faults: &Faults) -> IndexHandle {
        IndexHandle::new(self.store(faults), self.paths())
    }

    pub(crate) fn retrying_table(&self, faults: &Faults) -> Arc<RetryingTable> {
        Arc::new(RetryingTable::new(
            Arc::new(self.table.with_faults(faults.clone())),
            self.backoff(),
        ))
    }

    /// Enables the stream and writes the index.
    pub(crate) async fn prepare(&self) -> Result<(), RecordsError> {
        self.table.enable_stream(StreamView::NewImage);
        let none = Faults::none();
        prepare(
            &self.index(&none),
            self.retrying_table(&none).as_ref(),
            self.layout,
            self.clock.now(),
        )
        .await?;
        Ok(())
    }

    /// A new process that follows the stream.
    pub(crate) async fn streamer(
        &self,
        worker: &str,
        faults: &Faults,
    ) -> Result<Streamer, RecordsError> {
        let applier = Applier::open(self.index(faults)).await?;
        let mut options = StreamerOptions::new(worker);
        options.lease = Duration::from_secs(6);
        options.flush_after = Duration::from_secs(2);
        options.flush_records = 20;
        options.discover_every = Duration::from_secs(2);
        options.page = 7;
        Ok(Streamer::new(
            Arc::new(self.stream.with_faults(faults.clone())),
            Arc::new(self.checkpoints.with_faults(faults.clone())),
            Arc::new(self.clock.clone()),
            applier,
            options,
        ))
    }

    /// A new process that scans the table.
    pub(crate) async fn backfill(
        &self,
        id: &str,
        faults: &Faults,
    ) -> Result<BackfillProgress, RecordsError> {
        let applier = Applier::open(self.index(faults)).await?;
        let options = BackfillOptions {
            segments: 3,
            page: Some(2),
            flush_records: 4,
            ..BackfillOptions::default()
        };
        Backfill::new(
            self.retrying_table(faults),
            Arc::new(self.clock.clone()),
            applier,
            options,
            id,
        )
        .run()
        .await
    }

    /// Follows the stream until nothing is left of it.
    pub(crate) async fn drain(&self) -> Result<(), RecordsError> {
        // Whoever died holds its shards for a while.
        self.clock.advance(Duration::from_secs(30));
        let mut streamer = self.streamer("drain", &Faults::none()).await?;
        let mut quiet = 0;
        while quiet < 3 {
            let tick = streamer.tick().await?;
            quiet = if tick.read == 0 && !tick.closed {
                quiet + 1
            } else {
                0
            };
            self.clock.advance(Duration::from_secs(3));
        }
        streamer.flush(&mut Tick::default()).await?;
        streamer.release().await
    }

    pub(crate) async fn backup(&self) -> Result<Backup, RecordsError> {
        Backup::open(self.index(&Faults::none())).await
    }
}

/// A world whose table was filled, prepared and completely captured.
pub(crate) async fn captured(schema: KeySchema, layout: LayoutKind, items: u32) -> World {
    let world = World::new(schema, layout);
    for number in 0..items {
        world.table.put(record(number, "old"));
    }
    world.clock.advance(Duration::from_secs(5));
    world.prepare().await.unwrap();
    world.clock.advance(Duration::from_secs(1));
    world.backfill("first", &Faults::none()).await.unwrap();
    world.drain().await.unwrap();
    world
}

/// A record of the simple schema.
pub(crate) fn record(number: u32, value: &str) -> Item {
    item(&format!(
        r#"{{"id":{{"S":"record-{number:05}"}},"n":{{"N":"{number}"}},"v":{{"S":"{value}"}}}}"#
    ))
}

/// The key of a record of the simple schema.
pub(crate) fn record_key(number: u32) -> RecordKey {
    RecordKey::of_item(&simple(), &record(number, "")).unwrap()
}

impl World {
    /// The table as a port, with retries.
    pub(crate) fn source(&self) -> Arc<dyn SourceTable> {
        self.retrying_table(&Faults::none())
    }

    pub(crate) fn time(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock.clone())
    }

    /// The records that the backup holds as of a moment.
    pub(crate) async fn restored(&self, at: Timestamp) -> BTreeMap<RecordKey, Item> {
        let backup = self.backup().await.unwrap();
        restored(&backup, at).await
    }
}

/// The records of a backup as of a moment; nothing may be unreadable.
pub(crate) async fn restored(backup: &Backup, at: Timestamp) -> BTreeMap<RecordKey, Item> {
    let states = backup.states(&[at], KeyRange::all()).await.unwrap();
    let page = states.all().await.unwrap();
    assert!(page.troubles.is_empty(), "{:?}", page.troubles);
    page.records
        .iter()
        .filter_map(|record| Some((record.key.clone(), record.item(0)?.clone())))
        .collect()
}
