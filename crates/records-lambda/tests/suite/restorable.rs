//! What the function stores is restored by the console, on a table where much or nothing happens.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use tidemark_domain::{
    RestoreRequest, RestoreSource, Role,
    records::{CaptureLayout, CaptureMode, CaptureState, CaptureView, SetupRequest},
    runs::Outcome,
};
use tidemark_records::{
    index::{BackupPaths, IndexHandle},
    ports::{Clock as _, SourceTable as _, StreamRecord},
    testing::MemoryTable,
    wire::Item,
};
use tidemark_records_lambda::Function;
use tidemark_services::{
    records::{self, CaptureConfig, CaptureWorker, setup},
    restore,
};
use tidemark_testkit::FakeTable;

use crate::console::{World, caller, hour_ago};

const BUCKET: &str = "tidemark-records-test";

fn put(table: &MemoryTable, id: u32, value: &str) {
    let text = json!({"id": {"S": format!("r-{id}")}, "v": {"S": value}}).to_string();
    table.put(Item::parse(text).unwrap());
}

fn record(record: &StreamRecord, stream: &str) -> Value {
    let wire = |text: &bytes::Bytes| serde_json::from_slice::<Value>(text).unwrap();
    let mut change = json!({
        "ApproximateCreationDateTime": record.created.as_second(),
        "Keys": wire(&record.keys),
        "SequenceNumber": record.sequence_number,
    });
    if let Some(image) = &record.new_image {
        change["NewImage"] = wire(image);
    }
    json!({
        "eventID": record.event_id,
        "eventName": record.event_name,
        "eventSourceARN": stream,
        "dynamodb": change,
    })
}

/// Lambda: hands what is new in each shard to the function. With windows, an event says its shard.
struct Lambda {
    function: Function,
    table: MemoryTable,
    stream: String,
    windows: bool,
    sent: BTreeSet<String>,
    states: Vec<Value>,
}

impl Lambda {
    async fn send(&mut self) {
        for (number, shard) in self.table.stream_records().iter().enumerate() {
            let new: Vec<Value> = shard
                .iter()
                .filter(|change| self.sent.insert(change.event_id.clone()))
                .map(|change| record(change, &self.stream))
                .collect();
            if new.is_empty() {
                continue;
            }
            self.states.resize(number + 1, json!({}));
            let mut event = json!({ "Records": new });
            if self.windows {
                event["shardId"] = json!(format!("shard-{number:04}"));
                event["state"] = self.states[number].clone();
                event["isFinalInvokeForWindow"] = json!(false);
            }
            let response = self.function.handle(&event).await.unwrap();
            assert!(response.batch_item_failures.is_empty());
            assert_eq!(response.state.is_some(), self.windows, "{response:?}");
            if let Some(state) = response.state {
                self.states[number] = state.clone();
                let last = json!({
                    "Records": [],
                    "shardId": format!("shard-{number:04}"),
                    "state": state,
                    "isFinalInvokeForWindow": true,
                    "eventSourceARN": self.stream,
                });
                let response = self.function.handle(&last).await.unwrap();
                assert!(response.batch_item_failures.is_empty());
            }
        }
    }
}

async fn until(world: &World, mut ask: impl AsyncFnMut(CaptureView) -> bool) -> CaptureView {
    let operator = caller(Role::Operator);
    for _ in 0..3_000 {
        let captures = records::list(&world.services, &operator).await.unwrap();
        let capture = captures.into_iter().next().unwrap();
        if ask(capture.clone()).await {
            return capture;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        world.records.clock().advance(Duration::from_millis(500));
        world.clock.set(world.records.clock().now());
    }
    panic!("nothing came of it");
}

async fn is_restored(layout: CaptureLayout, windows: bool) {
    let world = World::new().await;
    world.clock.set(world.records.clock().now());
    let table = world.records.add_table("orders");
    for id in 0..20 {
        put(&table, id, "old");
    }
    let operator = caller(Role::Operator);
    let request = SetupRequest {
        mode: CaptureMode::Function,
        layout,
        reason: "a test".to_owned(),
        ..SetupRequest::of_table(world.orders(), BUCKET)
    };
    let shown = setup::preview(&world.services, &operator, request)
        .await
        .unwrap();
    let run = setup::start(&world.services, &operator, shown.request, &shown.digest)
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = CaptureWorker::new(world.services.clone(), CaptureConfig::default());
    let working = tokio::spawn(async move { worker.run(stopped).await });

    // Nothing happens, and the function hears of nothing.
    let quiet = world.records.clock().now();
    until(&world, async |capture| {
        let window = capture.status.newest_window();
        window.is_some_and(|window| window.latest > quiet)
    })
    .await;

    let access = {
        let view = records::list(&world.services, &operator).await.unwrap();
        let (_, access) = records::open_backup(&world.services, &operator, &view[0].capture)
            .await
            .unwrap();
        access
    };
    let index = IndexHandle::new(access.store.clone(), BackupPaths::new("", "orders"));
    let mut lambda = Lambda {
        function: Function::new(index),
        stream: table.describe().await.unwrap().stream.unwrap().arn,
        table: table.clone(),
        windows,
        sent: BTreeSet::new(),
        states: Vec::new(),
    };
    world.records.clock().advance(Duration::from_secs(2));
    for id in 0..15 {
        put(&table, id, "new");
    }
    let changed = world.records.clock().now();
    let wanted = table.items();
    world.records.clock().advance(Duration::from_secs(2));
    lambda.send().await;
    let capture = until(&world, async |capture| {
        let window = capture.status.newest_window();
        window.is_some_and(|window| window.contains(changed) && window.latest > changed)
    })
    .await;
    assert_eq!(capture.state, CaptureState::Capturing);
    put(&table, 1, "later");

    // A day later nothing happened: it is not behind.
    world.records.clock().advance(Duration::from_hours(20));
    lambda.send().await;
    let now = world.records.clock().now();
    let capture = until(&world, async |capture| {
        capture.status.read_until.is_some_and(|read| read > now)
    })
    .await;
    assert_eq!(capture.state, CaptureState::Capturing);
    assert!(capture.status.gaps.is_empty());

    let request = RestoreRequest {
        source: RestoreSource::Records {
            capture: capture.capture.id.clone(),
            at: changed,
            partition: None,
        },
        ..hour_ago(&world)
    };
    let plan = restore::plan(&world.services, &operator, request.clone())
        .await
        .unwrap();
    let restored = world.records.missing_table("orders-back");
    let run = restore::start(&world.services, &operator, request, &plan.digest)
        .await
        .unwrap();
    world
        .aws
        .add_table(&world.scope, FakeTable::new("orders-back"));
    let view = world.finish(run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    assert_eq!(restored.items(), wanted);
    stop.send(true).unwrap();
    working.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_the_function_stores_in_segments_is_restored_by_the_console() {
    is_restored(CaptureLayout::Segments, true).await;
}

#[tokio::test(start_paused = true)]
async fn what_the_function_stores_as_objects_is_restored_by_the_console() {
    is_restored(CaptureLayout::Objects, true).await;
}

/// As stacks of earlier releases have it.
#[tokio::test(start_paused = true)]
async fn a_mapping_without_windows_is_restored_by_the_console_too() {
    for layout in [CaptureLayout::Segments, CaptureLayout::Objects] {
        is_restored(layout, false).await;
    }
}
