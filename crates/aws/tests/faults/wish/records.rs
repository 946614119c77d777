use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_aws::ClientFactory;
use tidemark_domain::{
    Region, RestoreSource,
    records::{CaptureMode, SetupRequest, UndoAsk, UndoChoice},
    runs::RunId,
};
use tidemark_records::{
    capture::{Applier, Streamer, StreamerOptions, Tick},
    index::{BackupPaths, IndexHandle},
    testing::MemoryCheckpoints,
};
use tidemark_services::records::{
    self, setup,
    undo::{self, Confirmed},
};

use super::{restores, says};
use crate::{
    estate::{Estate, REGION, operator},
    life::until_ended,
    sky::SkyClock,
};

const LEDGER: &str = "ledger";

/// A table of thirty records without a stream.
async fn make_ledger(estate: &Estate) {
    let table = json!({
        "TableName": LEDGER, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    });
    estate.call("dynamodb", "CreateTable", table).await;
    estate.pass(30).await;
    estate.write(LEDGER, 30, "good").await;
    estate.pass(5).await;
    estate.read().await;
}

async fn set_up_for(estate: &Estate, mode: CaptureMode) -> RunId {
    make_ledger(estate).await;
    let request = SetupRequest {
        mode,
        reason: "a test".to_owned(),
        ..SetupRequest::of_table(estate.table_arn(LEDGER), estate.records_bucket())
    };
    let shown = setup::preview(&estate.services, &operator(), request)
        .await
        .unwrap();
    assert!(shown.can_start(), "{:?}", shown.checks);
    setup::start(&estate.services, &operator(), shown.request, &shown.digest)
        .await
        .unwrap()
}

/// A set-up whose stream a Lambda function reads, so that no worker is waited for.
pub(super) async fn set_up(estate: &Estate) -> RunId {
    set_up_for(estate, CaptureMode::Function).await
}

/// A set-up whose stream the console's worker reads, which meets the same weather.
pub(super) async fn set_up_for_a_worker(estate: &Estate) -> RunId {
    estate.read_streams();
    set_up_for(estate, CaptureMode::Embedded).await
}

/// The ledger backed up, and spoiled after the moment that is answered; then its capture's id.
async fn spoiled(estate: &Estate) -> (String, Timestamp) {
    let run = set_up(estate).await;
    until_ended(estate, run).await.unwrap();
    let captures = records::list(&estate.services, &operator()).await.unwrap();
    estate.pass(3).await;
    let good = Timestamp::from_second(estate.sky.now().as_second()).unwrap();
    estate.pass(3).await;
    estate.write(LEDGER, 12, "spoiled").await;
    let key = json!({"id": {"S": "record-020"}});
    estate
        .call(
            "dynamodb",
            "DeleteItem",
            json!({"TableName": LEDGER, "Key": key}),
        )
        .await;
    estate.pass(3).await;
    follow(estate, &captures[0].capture.id).await;
    estate.read().await;
    (captures[0].capture.id.clone(), good)
}

/// Stores everything that the stream has, as the account's root.
async fn follow(estate: &Estate, capture: &str) {
    let clock = Arc::new(SkyClock(Arc::clone(&estate.sky)));
    let root = ClientFactory::builder()
        .endpoint(estate.sky.sandbox.endpoint_url())
        .own_credentials(&estate.account, "root");
    let clients = root
        .build()
        .await
        .own_records(Some(&Region::parse(REGION).unwrap()));
    let table = estate
        .call("dynamodb", "DescribeTable", json!({"TableName": LEDGER}))
        .await;
    let stream = table["Table"]["LatestStreamArn"].as_str().unwrap();
    let index = IndexHandle::new(
        Arc::new(clients.store(estate.records_bucket())),
        BackupPaths::new("", LEDGER),
    );
    let applier = Applier::open(index).await.unwrap();
    let checkpoints = Arc::new(MemoryCheckpoints::default());
    let options = StreamerOptions::new("test");
    let mut streamer = Streamer::new(
        Arc::new(clients.stream(stream)),
        checkpoints,
        clock,
        applier,
        options,
    );
    let (mut quiet, mut read) = (0, 0);
    // So many empty pages, over some time, tell that nothing more comes.
    while quiet < 12 {
        let tick = streamer.tick().await.unwrap();
        quiet = if tick.read == 0 { quiet + 1 } else { 0 };
        read += tick.read;
        estate.pass(3).await;
    }
    streamer.flush(&mut Tick::default()).await.unwrap();
    // What the console learns of it, as its worker would.
    let index = IndexHandle::new(
        Arc::new(clients.store(estate.records_bucket())),
        BackupPaths::new("", LEDGER),
    );
    let status = records::status_of(&index.load().await.unwrap(), estate.sky.now());
    estate
        .services
        .captures
        .put_status(capture, &status)
        .await
        .unwrap();
    assert!(read >= 13, "{read} changes were read");
}

pub(super) async fn restore(estate: &Estate) -> RunId {
    let (capture, at) = spoiled(estate).await;
    let source = RestoreSource::Records {
        capture,
        at,
        partition: None,
    };
    restores::start(estate, restores::request(estate.table_arn(LEDGER), source)).await
}

pub(super) async fn undo(estate: &Estate) -> RunId {
    let (capture, from) = spoiled(estate).await;
    let key = |n: u32| json!({"id": {"S": format!("record-{n:03}")}}).to_string();
    let ask = UndoAsk {
        from,
        to: Some(Timestamp::from_second(estate.sky.now().as_second() - 1).unwrap()),
        records: UndoChoice::Keys((0..12).chain([20]).map(key).collect()),
    };
    let services = &estate.services;
    let id = undo::plan(services, &operator(), &capture, ask)
        .await
        .unwrap();
    let plan = undo::get(services, &operator(), &capture, &id, 0)
        .await
        .unwrap();
    let confirmed = Confirmed {
        digest: plan.digest.clone(),
        confirmation: LEDGER.to_owned(),
        reason: "a bad deployment".to_owned(),
    };
    undo::start(services, &operator(), &capture, &plan.id, &confirmed)
        .await
        .unwrap()
}

pub(super) fn check_set_up(world: &Value) {
    let bucket = &world["buckets"]["tidemark-records-account-0"];
    assert_eq!(bucket["versioning"], true, "{world}");
    let policy = bucket["policy"].to_string();
    assert!(policy.contains("s3:DeleteObjectVersion"), "{policy}");
    assert_eq!(bucket["keys"].as_array().unwrap().len(), 1, "{world}");
    assert_eq!(
        world["tables"][LEDGER]["stream"]["StreamEnabled"], true,
        "{world}"
    );
}

pub(super) fn check_restored(world: &Value) {
    assert_eq!(says(world, restores::BACK), vec!["good"; 30]);
    assert_eq!(says(world, LEDGER).len(), 29);
}

pub(super) fn check_undone(world: &Value) {
    assert_eq!(says(world, LEDGER), vec!["good"; 30]);
}
