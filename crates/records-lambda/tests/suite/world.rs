//! A bucket with a prepared backup, filled by the function or by the embedded streamer.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;
use tidemark_records::{
    capture::{Applier, Streamer, StreamerOptions, Tick, prepare},
    index::{BackupPaths, IndexDocument, IndexHandle, LayoutKind},
    key::{KeyAttribute, KeySchema, KeyType},
    ports::{
        ChangeStream, Clock, GetObject, ObjectStore, PortError, RecordsPage, Shard, ShardIterator,
        StreamPosition, StreamRecord, StreamView,
    },
    retry::{Backoff, RetryingStore},
    states::{Backup, KeyRange},
    testing::{Faults, MemoryCheckpoints, MemoryStore, MemoryTable, StillClock},
};
use tidemark_records_lambda::Function;

use crate::{
    events,
    recorder::{Call, Recorder},
};

/// A version of an object: a body with its metadata, or the marker of a deletion.
pub(crate) type Version = Option<(Bytes, BTreeMap<String, String>)>;

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) store: MemoryStore,
    pub(crate) prefix: &'static str,
    pub(crate) calls: Arc<Mutex<Vec<Call>>>,
    clock: StillClock,
}

impl World {
    pub(crate) async fn new(layout: LayoutKind) -> Self {
        Self::below("backups", layout).await
    }

    pub(crate) async fn below(prefix: &'static str, layout: LayoutKind) -> Self {
        let clock = StillClock::default();
        let schema = KeySchema::simple(KeyAttribute::new("Id", KeyType::N));
        let table = MemoryTable::new("memory", schema, clock.clone());
        table.enable_stream(StreamView::NewAndOldImages);
        let world = Self {
            store: MemoryStore::new(clock.clone()),
            prefix,
            calls: Arc::default(),
            clock,
        };
        let now = world.clock.now();
        prepare(&world.index(), &table, layout, now).await.unwrap();
        world
    }

    pub(crate) fn paths(&self) -> BackupPaths {
        BackupPaths::new(self.prefix, "memory")
    }

    pub(crate) fn index(&self) -> IndexHandle {
        IndexHandle::new(Arc::new(self.store.clone()), self.paths())
    }

    /// A function whose calls are recorded, and tried again as in Lambda.
    pub(crate) fn function(&self) -> Function {
        self.function_with(Faults::none())
    }

    /// One whose calls may fail.
    pub(crate) fn function_with(&self, faults: Faults) -> Function {
        let recorder = Recorder::new(self.store.with_faults(faults), self.calls.clone());
        let backoff = Backoff::new(Arc::new(self.clock.clone()));
        let store = RetryingStore::new(Arc::new(recorder), backoff);
        Function::new(IndexHandle::new(Arc::new(store), self.paths()))
    }

    /// The embedded streamer, to the end of a shard that has the event's changes.
    pub(crate) async fn stream(&self, event: &Value) {
        let applier = Applier::open(self.index()).await.unwrap();
        let mut streamer = Streamer::new(
            Arc::new(OneShard(events::of_stream(event))),
            Arc::new(MemoryCheckpoints::default()),
            Arc::new(self.clock.clone()),
            applier,
            StreamerOptions::new("embedded"),
        );
        let tick = streamer.tick().await.unwrap();
        assert!(tick.closed, "the shard is read to its end");
        streamer.flush(&mut Tick::default()).await.unwrap();
        streamer.release().await.unwrap();
    }

    /// Every version of every object, oldest first, but of the index, which has times of its own.
    pub(crate) async fn versions(&self) -> BTreeMap<String, Vec<Version>> {
        let mut versions: BTreeMap<String, Vec<Version>> = BTreeMap::new();
        let mut after = None;
        loop {
            let page = self.store.list_versions("", after.as_ref()).await.unwrap();
            for found in page.versions {
                let version = if found.deleted {
                    None
                } else {
                    let request = GetObject::version(&found.name, Some(found.version));
                    let object = self.store.get(&request).await.unwrap();
                    Some((object.body, object.head.metadata))
                };
                versions.entry(found.name).or_default().insert(0, version);
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        versions.remove(&self.paths().index());
        versions
    }

    pub(crate) async fn document(&self) -> IndexDocument {
        self.index().load().await.unwrap()
    }

    /// The items of the newest state, by the number of their key.
    pub(crate) async fn present(&self) -> BTreeMap<String, String> {
        let backup = Backup::open(self.index()).await.unwrap();
        let states = backup.states(&[jiff::Timestamp::MAX], KeyRange::all());
        let page = states.await.unwrap().all().await.unwrap();
        assert!(page.troubles.is_empty(), "{:?}", page.troubles);
        let items = page.records.iter().filter_map(|record| {
            let item = record.item(0)?;
            let text = String::from_utf8(item.bytes().to_vec()).unwrap();
            Some((record.key.to_string(), text))
        });
        items.collect()
    }
}

/// A closed shard with these records.
struct OneShard(Vec<StreamRecord>);

#[async_trait]
impl ChangeStream for OneShard {
    fn arn(&self) -> &'static str {
        events::STREAM
    }

    async fn shards(&self) -> Result<Vec<Shard>, PortError> {
        let sequence = |record: Option<&StreamRecord>| record.map(|r| r.sequence_number.clone());
        Ok(vec![Shard {
            id: "shardId-1".to_owned(),
            parent: None,
            first: sequence(self.0.first()),
            last: sequence(self.0.last()),
        }])
    }

    async fn iterator(&self, shard: &str, _: &StreamPosition) -> Result<ShardIterator, PortError> {
        Ok(ShardIterator {
            shard: shard.to_owned(),
            token: String::new(),
        })
    }

    async fn records(&self, _: &ShardIterator, limit: u32) -> Result<RecordsPage, PortError> {
        assert!(self.0.len() <= usize::try_from(limit).unwrap());
        Ok(RecordsPage {
            records: self.0.clone(),
            next: None,
        })
    }
}
