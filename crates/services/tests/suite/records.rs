//! Record-level backups over fakes: what a preview says, what a set-up leaves, and its battery.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tidemark_domain::{
    PitrWindow, PutBack, RestoreRequest, RestoreSource, Role, ScalingTarget,
    records::{
        CaptureMode, CaptureState, CaptureStatus, SetupChangeKind, SetupPreview, SetupRequest,
    },
    runs::{Outcome, RunId, RunView},
};
use tidemark_records::{
    capture::capture_name,
    index::BackupPaths,
    ports::{Clock as _, SourceTable as _, StreamView, Versioning},
    states::KeyRange,
    testing::{MemoryCheckpoints, MemoryTable},
    wire::Item,
};
use tidemark_runs::{
    ManualClock,
    battery::{self, Subject, World as BatteryWorld},
};
use tidemark_services::{
    ServiceError,
    ports::Captures as _,
    records::{self, CaptureConfig, CaptureWorker, setup},
    resources, restore,
    sync::SyncQueue,
};
use tidemark_testkit::{FakeCaptures, FakeRecordsCloud, FakeTable, build};

use crate::world::{World, caller, hour_ago};

const BUCKET: &str = "tidemark-records-test";

fn put(table: &MemoryTable, id: &str, value: &str) {
    let text = json!({"id": {"S": id}, "v": {"S": value}}).to_string();
    table.put(Item::parse(text).unwrap());
}

/// The table `orders` with three records, without a stream.
fn orders(world: &World) -> MemoryTable {
    let table = world.records.add_table("orders");
    for id in ["a", "b", "c"] {
        put(&table, id, "first");
    }
    table
}

/// A set-up whose stream a Lambda function reads, so that no worker is waited for.
fn request(world: &World) -> SetupRequest {
    SetupRequest {
        mode: CaptureMode::Function,
        prefix: "records/".to_owned(),
        reason: "a test".to_owned(),
        ..SetupRequest::of_table(world.orders(), BUCKET)
    }
}

async fn preview(world: &World, request: SetupRequest) -> Result<SetupPreview, ServiceError> {
    setup::preview(&world.services, &caller(Role::Operator), request).await
}

async fn start(world: &World, request: SetupRequest) -> RunId {
    let shown = preview(world, request).await.unwrap();
    let operator = caller(Role::Operator);
    setup::start(&world.services, &operator, shown.request, &shown.digest)
        .await
        .unwrap()
}

fn kinds(preview: &SetupPreview) -> Vec<(&str, SetupChangeKind)> {
    preview
        .changes
        .iter()
        .map(|change| (change.name.as_str(), change.kind))
        .collect()
}

#[tokio::test]
async fn a_preview_changes_nothing_and_says_what_is_so_and_what_will_be() {
    use SetupChangeKind::{Already, Change};
    let world = World::new().await;
    orders(&world);
    let shown = preview(&world, request(&world)).await.unwrap();
    assert_eq!(shown.request.prefix, "records");
    assert_eq!(
        kinds(&shown),
        [
            ("Stream", Change),
            ("Bucket", Change),
            ("Versions", Change),
            ("Encryption", Change),
            ("Public access", Change),
            ("Bucket policy", Change),
            ("Capture", Change),
            ("First copy", Change),
            ("Proof", Change),
        ]
    );
    assert!(shown.can_start(), "{:?}", shown.checks);
    assert!(shown.session_policy.len() <= 2_048, "STS takes no more");
    assert!(shown.bucket_policy.unwrap().contains("DeleteObjectVersion"));
    assert!(world.records.changes().is_empty());

    let run = start(&world, request(&world)).await;
    let view = world.finish(run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    let again = preview(&world, request(&world)).await.unwrap();
    let will: Vec<_> = kinds(&again)
        .into_iter()
        .filter(|(_, kind)| *kind != Already)
        .collect();
    assert_eq!(will, [("Proof", Change)]);
}

#[tokio::test]
async fn a_set_up_leaves_a_whole_and_proven_backup_and_a_second_one_changes_nothing() {
    let world = World::new().await;
    let table = orders(&world);
    let run = start(&world, request(&world)).await;
    let view = world.finish(run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    let facts = world.records.facts(BUCKET).unwrap();
    assert_eq!(facts.versioning, Versioning::Enabled);
    assert!(facts.blocks_public_access);
    let operator = caller(Role::Operator);
    let captures = records::list(&world.services, &operator).await.unwrap();
    let [capture] = &captures[..] else {
        panic!("{captures:?}");
    };
    assert_eq!(capture.capture.created_by, "operator");
    assert_ne!(capture.state, CaptureState::SettingUp);
    let proof = capture.status.last_proof.as_ref().unwrap();
    assert!(proof.complete && proof.items == 3, "{proof:?}");
    let (backup, _) = records::open_backup(&world.services, &operator, &capture.capture)
        .await
        .unwrap();
    assert_eq!(backup.document().unwrap().backfills.len(), 1);

    // The function stores nothing here, so that what is written now is missing: the proof says so.
    let changes = world.records.changes();
    put(&table, "d", "later");
    let run = start(&world, request(&world)).await;
    let view = world.finish(run).await;
    assert_eq!(view.outcome, Some(Outcome::Failed), "{view:?}");
    let said = serde_json::to_string(&view).unwrap();
    assert!(
        said.contains("1 records are missing in the backup"),
        "{said}"
    );
    assert!(said.contains(r#""missing_in_backup":1"#), "{said}");
    let shown = records::proof(&world.services, &operator, &capture.capture.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shown.differences_total, 1, "the proof itself has the key");
    assert_eq!(
        world.records.changes(),
        changes,
        "nothing was changed again"
    );
    // And the next one stores what was missing.
    let run = start(&world, request(&world)).await;
    let view = world.finish(run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    assert_eq!(
        records::list(&world.services, &operator)
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn what_cannot_be_captured_is_refused_by_field() {
    let world = World::new().await;
    let table = orders(&world);
    table.enable_stream(StreamView::KeysOnly);
    let region = &world.scope.region;
    world.records.add_bucket("without-versions", region);
    let elsewhere = tidemark_domain::Region::parse("us-west-2").unwrap();
    world.records.add_bucket("elsewhere", &elsewhere);
    world.records.belongs_to_another("of-another");
    let good = SetupRequest {
        replace_stream: true,
        ..request(&world)
    };
    let of = |bucket: &str| SetupRequest {
        bucket: bucket.to_owned(),
        ..good.clone()
    };
    for (request, field) in [
        (of("Wrong"), "bucket"),
        (of("elsewhere"), "bucket"),
        (of("of-another"), "bucket"),
        (
            SetupRequest {
                create_bucket: false,
                ..of("none-there")
            },
            "bucket",
        ),
        (
            SetupRequest {
                versioning: false,
                ..of("without-versions")
            },
            "bucket",
        ),
        (
            SetupRequest {
                replace_stream: false,
                ..good.clone()
            },
            "stream",
        ),
        (
            SetupRequest {
                mode: CaptureMode::Off,
                ..good.clone()
            },
            "mode",
        ),
    ] {
        match preview(&world, request.clone()).await {
            Err(ServiceError::Invalid(invalid)) => assert_eq!(invalid.field, field, "{request:?}"),
            other => panic!("{request:?}: {other:?}"),
        }
    }
    let run = start(&world, of("without-versions")).await;
    let view = world.finish(run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    let asked = world.records.changes();
    for wanted in [
        "dynamodb:UpdateTable orders stream false",
        "dynamodb:UpdateTable orders stream true",
        "s3:PutBucketVersioning without-versions",
    ] {
        assert!(
            asked.iter().any(|call| call == wanted),
            "{wanted}: {asked:?}"
        );
    }
}

#[tokio::test]
async fn a_set_up_that_changed_since_it_was_shown_is_refused() {
    let world = World::new().await;
    orders(&world);
    let shown = preview(&world, request(&world)).await.unwrap();
    world.records.add_bucket(BUCKET, &world.scope.region);
    let operator = caller(Role::Operator);
    let error = setup::start(&world.services, &operator, shown.request, &shown.digest)
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
}

#[tokio::test]
async fn a_forgotten_capture_is_taken_up_again_from_the_bucket() {
    let world = World::new().await;
    orders(&world);
    let run = start(&world, request(&world)).await;
    world.finish(run).await;
    let operator = caller(Role::Operator);
    let before = records::list(&world.services, &operator).await.unwrap();
    let id = &before[0].capture.id;
    records::remove(&world.services, &operator, id)
        .await
        .unwrap();
    let shown = preview(&world, request(&world)).await.unwrap();
    let copy = kinds(&shown)
        .into_iter()
        .find(|(name, _)| *name == "First copy");
    assert_eq!(copy, Some(("First copy", SetupChangeKind::Already)));
    let run = start(&world, request(&world)).await;
    let view = world.finish(run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
}

/// What the battery sees: bucket, stream, captures, and the backup's own words.
struct Estate {
    records: FakeRecordsCloud,
    captures: FakeCaptures,
    table: MemoryTable,
}

#[async_trait]
impl BatteryWorld for Estate {
    async fn observe(&self) -> Value {
        use tidemark_services::ports::Captures as _;
        let facts = self.records.facts(BUCKET);
        let captures = self.captures.list().await.unwrap();
        let description = self.table.describe().await.unwrap();
        json!({
            "bucket": facts.map(|facts| format!("{:?} {} {:?}", facts.versioning, facts.blocks_public_access, facts.policy)),
            "stream": description.stream.map(|stream| stream.view.as_str()),
            "captures": captures.len(),
            "whole": captures.iter().filter(|c| c.status.complete_from.is_some()).count(),
            "changes": captures.first().map(|c| c.status.changes),
            "items": self.table.items().len(),
        })
    }

    /// What a set-up made protects, so that it stays; the table is as it was.
    fn check_undone(&self, before: &Value, seen: &Value) -> Result<(), String> {
        if before["items"] == seen["items"] {
            Ok(())
        } else {
            Err(format!("the table changed: {before} became {seen}"))
        }
    }
}

#[tokio::test]
async fn a_set_up_passes_the_battery() {
    let report = battery::run(|| async {
        let world = World::new().await;
        let table = orders(&world);
        let run = start(&world, request(&world)).await;
        let params = world.services.runs.run(run).await.unwrap().params;
        let kind = setup::SetupRun::new(
            Arc::new(world.accounts.clone()),
            Arc::new(world.records.clone()),
            Arc::new(world.captures.clone()),
            Arc::new(MemoryCheckpoints::default()),
            SyncQueue::new(),
        );
        Subject {
            kind: Arc::new(kind),
            params,
            clock: ManualClock::new(world.clock.now()),
            world: Arc::new(Estate {
                records: world.records.clone(),
                captures: world.captures.clone(),
                table,
            }),
        }
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 30, "{report:?}");
}

/// A worker that looks often and stores at once.
fn worker(world: &World) -> CaptureWorker {
    let config = CaptureConfig {
        flush_after: Duration::ZERO,
        look_every: Duration::from_millis(5),
        ..CaptureConfig::default()
    };
    CaptureWorker::new(world.services.clone(), config)
}

/// Drives the engine as `World::finish` does, while others work.
async fn finish_beside(world: &World, run: RunId) -> RunView {
    until(async || {
        let due = world.services.runs.run_until_idle().await.unwrap();
        let view = world.services.runs.view(run).await.unwrap();
        if let Some(due) = due.filter(|due| *due > world.clock.now()) {
            world.clock.set(due);
        }
        view.state.is_terminal().then_some(view)
    })
    .await
}

async fn until<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..2_000 {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nothing came of it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_take_the_shards_of_what_is_set_up_store_every_change_and_give_them_back() {
    let world = World::new().await;
    let table = orders(&world);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let workers: Vec<_> = [worker(&world), worker(&world)]
        .into_iter()
        .map(|worker| {
            let stopped = stopped.clone();
            tokio::spawn(async move { worker.run(stopped).await })
        })
        .collect();
    let request = SetupRequest {
        mode: CaptureMode::Embedded,
        ..request(&world)
    };
    let run = start(&world, request).await;
    let view = finish_beside(&world, run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    for number in 0..50 {
        put(&table, &format!("n-{number}"), "later");
    }
    let operator = caller(Role::Operator);
    let capture = until(async || {
        let captures = records::list(&world.services, &operator).await.unwrap();
        let capture = captures.into_iter().next()?;
        let (backup, _) = records::open_backup(&world.services, &operator, &capture.capture)
            .await
            .unwrap();
        let states = backup.states(&[Timestamp::MAX], KeyRange::all()).await;
        let items = states.unwrap().all().await.unwrap().records.len();
        (items == 53 && capture.status.changes >= 53).then_some(capture)
    })
    .await;
    assert_eq!(capture.status.last_error, None);
    stop.send(true).unwrap();
    for worker in workers {
        worker.await.unwrap();
    }
    let stream = table.describe().await.unwrap().stream.unwrap().arn;
    let name = capture_name(&stream, &BackupPaths::new("records", "orders"));
    let left = world.services.checkpoints.list(&name).await.unwrap();
    assert_eq!(left.len(), 2, "each shard was read");
    assert!(left.iter().all(|shard| shard.worker.is_none()), "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_keeps_a_worker_from_its_work_is_told_until_it_is_mended() {
    let world = World::new().await;
    let table = orders(&world);
    let run = start(&world, request(&world)).await;
    world.finish(run).await;
    let operator = caller(Role::Operator);
    let id = records::list(&world.services, &operator).await.unwrap()[0]
        .capture
        .id
        .clone();
    table.disable_stream();
    records::set_mode(&world.services, &operator, &id, CaptureMode::Embedded)
        .await
        .unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = worker(&world);
    let working = tokio::spawn(async move { worker.run(stopped).await });
    let state = async |wanted: CaptureState| {
        until(async || {
            let view = records::get(&world.services, &operator, &id).await.unwrap();
            (view.state == wanted
                || (wanted != CaptureState::Failing && view.status.last_error.is_none()))
            .then_some(view)
        })
        .await
    };
    let failing = state(CaptureState::Failing).await;
    let said = failing.status.last_error.unwrap().message;
    assert!(said.contains("orders has no stream"), "{said}");
    table.enable_stream(StreamView::NewImage);
    let mended = state(CaptureState::Capturing).await;
    assert_eq!(mended.status.last_error, None);
    stop.send(true).unwrap();
    working.await.unwrap();
}

#[tokio::test]
async fn a_table_and_a_bucket_with_long_names_and_auto_scaling_are_restored() {
    let world = World::new().await;
    world.clock.set(world.records.clock().now());
    let name = format!("orders-{}", "o".repeat(53));
    let bucket = format!("tidemark-records-{}", "b".repeat(43));
    assert_eq!((name.len(), bucket.len()), (60, 60));
    let scaling = |dimension: &str| ScalingTarget {
        resource_id: format!("table/{name}"),
        dimension: format!("dynamodb:table:{dimension}"),
        min: 5,
        max: 50,
        policy: Some((
            format!("{dimension}-{name}"),
            r#"{"TargetValue":70.0}"#.to_owned(),
        )),
    };
    let fake = FakeTable::new(&name)
        .tag("owner", "olga")
        .stream("NEW_IMAGE")
        .time_to_live("expires")
        .scaling(scaling("ReadCapacityUnits"))
        .scaling(scaling("WriteCapacityUnits"));
    world.aws.add_table(&world.scope, fake);
    world.sync().await;
    let table = world.records.add_table(&name);
    put(&table, "a", "first");
    let asked = SetupRequest {
        mode: CaptureMode::Function,
        prefix: "records".to_owned(),
        reason: "a test".to_owned(),
        ..SetupRequest::of_table(build::table_arn(&world.scope, &name), &bucket)
    };
    let run = start(&world, asked).await;
    let view = world.finish(run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    let operator = caller(Role::Operator);
    let capture = records::list(&world.services, &operator)
        .await
        .unwrap()
        .swap_remove(0);
    let now = world.records.clock().now();
    world.clock.set(now);
    let status = CaptureStatus {
        complete_from: Some(now - SignedDuration::from_secs(1)),
        read_until: Some(now),
        ..capture.status.clone()
    };
    let id = capture.capture.id.clone();
    world.captures.put_status(&id, &status).await.unwrap();
    let new = format!("{name}-restored-20270115-080000");
    let request = RestoreRequest {
        resource: capture.capture.table.clone(),
        source: RestoreSource::Records {
            capture: id,
            at: now,
            partition: None,
        },
        target_table: Some(new.clone()),
        put_back: PutBack::ALL.into_iter().collect(),
        ..hour_ago(&world)
    };
    let plan = restore::plan(&world.services, &operator, request.clone())
        .await
        .unwrap();
    assert!(plan.session_policy.len() <= 2_048, "STS takes no more");
    let said = plan
        .checks
        .iter()
        .find(|check| check.name == "The run's own policy fits")
        .unwrap();
    assert!(said.detail.contains("patterns"), "{said:?}");
    assert!(plan.can_start(), "{:?}", plan.checks);
    let wanted = world.records.missing_table(&new);
    let run = restore::start(&world.services, &operator, request, &plan.digest)
        .await
        .unwrap();
    world.aws.add_table(&world.scope, FakeTable::new(&new));
    let view = world.finish(run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:?}");
    assert_eq!(wanted.items(), table.items());
}

#[tokio::test]
async fn a_second_in_a_gap_is_refused_and_the_windows_around_it_are_named() {
    let world = World::new().await;
    orders(&world);
    let run = start(&world, request(&world)).await;
    world.finish(run).await;
    let operator = caller(Role::Operator);
    let capture = records::list(&world.services, &operator)
        .await
        .unwrap()
        .swap_remove(0);
    let ago = |hours: i64| world.clock.now() - SignedDuration::from_hours(hours);
    let window = |from: i64, until: i64| PitrWindow {
        earliest: ago(from),
        latest: ago(until),
    };
    let status = CaptureStatus {
        complete_from: Some(ago(5)),
        read_until: Some(ago(1)),
        windows: vec![window(20, 10), window(5, 1)],
        ..capture.status.clone()
    };
    let id = capture.capture.id.clone();
    world.captures.put_status(&id, &status).await.unwrap();
    let plan = async |hours: i64| {
        let request = RestoreRequest {
            source: RestoreSource::Records {
                capture: id.clone(),
                at: ago(hours),
                partition: None,
            },
            ..hour_ago(&world)
        };
        restore::plan(&world.services, &operator, request).await
    };
    for hours in [15, 3] {
        plan(hours).await.unwrap();
    }
    for hours in [30, 7] {
        let Err(ServiceError::Invalid(refused)) = plan(hours).await else {
            panic!("{hours} hours ago is in no window");
        };
        assert_eq!(refused.field, "time");
        assert_eq!(refused.rule.matches("between").count(), 2, "{refused:?}");
    }
    let detail = resources::get(&world.services, &operator, &world.orders())
        .await
        .unwrap();
    assert_eq!(detail.records.len(), 2);
}
