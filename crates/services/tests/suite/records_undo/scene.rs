//! A captured table of which some records were spoiled.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use serde_json::json;
use tidemark_domain::{
    Role,
    records::{
        CaptureMode, ComparisonAsk, DifferenceFilter, SetupRequest, UndoAsk, UndoChoice, UndoPlan,
    },
    runs::{Outcome, RunId},
};
use tidemark_records::{
    capture::{Applier, Streamer, StreamerOptions, Tick},
    index::{BackupPaths, IndexHandle},
    ports::Clock as _,
    testing::{MemoryCheckpoints, MemoryTable},
    wire::Item,
};
use tidemark_services::records::{
    self, setup,
    undo::{self, Confirmed},
};

use crate::world::{World, caller};

pub(crate) const BUCKET: &str = "tidemark-records-test";

/// A captured table with thirty good records of which twelve were spoiled in one second.
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) table: MemoryTable,
    pub(crate) capture: String,
    /// The last second at which all was well.
    pub(crate) from: Timestamp,
    /// The second of the damage.
    pub(crate) to: Timestamp,
}

pub(crate) fn put(table: &MemoryTable, number: u32, value: &str) {
    let text = json!({"id": {"S": id(number)}, "v": {"S": value}, "n": {"N": number.to_string()}});
    table.put(Item::parse(text.to_string()).unwrap());
}

pub(crate) fn id(number: u32) -> String {
    format!("record-{number:03}")
}

pub(crate) fn key(number: u32) -> String {
    json!({"id": {"S": id(number)}}).to_string()
}

/// The table by id, as text.
pub(crate) fn items(table: &MemoryTable) -> BTreeMap<String, String> {
    let items = table.items().into_iter();
    items
        .map(|(key, item)| (key.to_string(), item.as_str().to_owned()))
        .collect()
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let table = world.records.add_table("orders");
        for number in 0..30 {
            put(&table, number, "good");
        }
        world.clock.set(world.records.clock().now());
        let request = SetupRequest {
            mode: CaptureMode::Function,
            reason: "a test".to_owned(),
            ..SetupRequest::of_table(world.orders(), BUCKET)
        };
        let operator = caller(Role::Operator);
        let shown = setup::preview(&world.services, &operator, request)
            .await
            .unwrap();
        let run = setup::start(&world.services, &operator, shown.request, &shown.digest)
            .await
            .unwrap();
        let view = world.finish(run).await;
        assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
        let captures = records::list(&world.services, &operator).await.unwrap();
        let now = world.records.clock().now();
        let mut scene = Self {
            capture: captures[0].capture.id.clone(),
            world,
            table,
            from: now,
            to: now,
        };
        scene.from = scene.second();
        for number in 0..12 {
            put(&scene.table, number, "spoiled");
        }
        scene.table.delete(
            &tidemark_records::key::RecordKey::parse(
                &tidemark_records::key::KeySchema::simple(
                    tidemark_records::key::KeyAttribute::new(
                        "id",
                        tidemark_records::key::KeyType::S,
                    ),
                ),
                key(20),
            )
            .unwrap(),
        );
        put(&scene.table, 40, "not there before");
        scene.to = scene.second();
        scene.follow().await;
        scene
    }

    /// Lets the present second pass; answers it.
    pub(crate) fn second(&self) -> Timestamp {
        let clock = self.world.records.clock();
        let now = clock.now();
        clock.advance(Duration::from_secs(3));
        self.world.clock.set(clock.now());
        now
    }

    /// Stores everything that the stream has.
    pub(crate) async fn follow(&self) {
        let operator = caller(Role::Operator);
        let view = records::get(&self.world.services, &operator, &self.capture)
            .await
            .unwrap();
        let (_, access) = records::open_backup(&self.world.services, &operator, &view.capture)
            .await
            .unwrap();
        let index = IndexHandle::new(access.store.clone(), BackupPaths::new("", "orders"));
        let applier = Applier::open(index).await.unwrap();
        let clock = self.world.records.clock().clone();
        let mut streamer = Streamer::new(
            access.stream("stream"),
            Arc::new(MemoryCheckpoints::default()),
            Arc::new(clock.clone()),
            applier,
            StreamerOptions::new("test"),
        );
        let mut quiet = 0;
        while quiet < 3 {
            let tick = streamer.tick().await.unwrap();
            quiet = if tick.read == 0 { quiet + 1 } else { 0 };
            clock.advance(Duration::from_secs(3));
        }
        streamer.flush(&mut Tick::default()).await.unwrap();
        self.world.clock.set(clock.now());
    }

    pub(crate) fn ask(&self) -> ComparisonAsk {
        ComparisonAsk {
            from: self.from,
            to: Some(self.to),
            compared_at: None,
            filter: DifferenceFilter::default(),
            start: 0,
            rows: 100,
        }
    }

    pub(crate) fn undo_of(&self, numbers: impl Iterator<Item = u32>) -> UndoAsk {
        UndoAsk {
            from: self.from,
            to: Some(self.to),
            records: UndoChoice::Keys(numbers.map(key).collect()),
        }
    }

    pub(crate) async fn plan(&self, ask: UndoAsk) -> UndoPlan {
        let operator = caller(Role::Operator);
        let services = &self.world.services;
        let id = undo::plan(services, &operator, &self.capture, ask)
            .await
            .unwrap();
        undo::get(services, &operator, &self.capture, &id, 0)
            .await
            .unwrap()
    }

    pub(crate) async fn start(&self, plan: &UndoPlan) -> RunId {
        let operator = caller(Role::Operator);
        undo::start(
            &self.world.services,
            &operator,
            &self.capture,
            &plan.id,
            &confirmed(plan),
        )
        .await
        .unwrap()
    }
}

pub(crate) fn confirmed(plan: &UndoPlan) -> Confirmed {
    Confirmed {
        digest: plan.digest.clone(),
        confirmation: "orders".to_owned(),
        reason: "a bad deployment".to_owned(),
    }
}
