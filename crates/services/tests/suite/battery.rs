//! Both run kinds under the engine's battery: each step failed, repeated, cut off, raced, cancelled.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_domain::{PointSource, PutBack, RestoreRequest, RestoreSource, Role, Scope};
use tidemark_runs::{
    ManualClock, RunKind,
    battery::{self, Subject, World as BatteryWorld},
};
use tidemark_services::{
    backup::{self, BackupRun},
    points::{change::ChangeRun, copy::CopyPointsRun},
    ports::Cloud,
    restore::{self, RestoreRun},
    sync::SyncQueue,
};
use tidemark_testkit::{FakeCloud, TestClock, build};

use crate::{
    point_changes::{begin, delete_all, with_points},
    point_copies,
    world::{World, caller, hour_ago},
};

/// What the battery sees of the fake AWS: tables with their content and settings, jobs by status.
struct Estate {
    aws: FakeCloud,
    clock: TestClock,
    scope: Scope,
    undone: Undone,
}

/// What may be left after a run that failed or was cancelled.
#[derive(Clone, Copy)]
enum Undone {
    /// Nothing.
    Nothing,
    /// What AWS Backup had already made, but no job that still runs.
    FinishedJobs,
    /// AWS Backup offers no way to stop a restore job: at most the one, and its table.
    OneRestoreJob,
    /// A deleted point cannot be had back: there are no more points than before.
    DeletedPoints,
    /// A copy job cannot be stopped: each point has at most one copy.
    Copies,
}

#[async_trait]
impl BatteryWorld for Estate {
    async fn observe(&self) -> Value {
        let tables: BTreeMap<String, Value> = self
            .aws
            .table_names(&self.scope)
            .into_iter()
            .map(|name| {
                let seen = json!({
                    "items": self.aws.items(&self.scope, &name),
                    "settings": self.aws.settings(&self.scope, &name),
                });
                (name, seen)
            })
            .collect();
        let snapshot = self
            .aws
            .read_scope(&build::target(&self.scope))
            .await
            .unwrap();
        let mut jobs: Vec<String> = snapshot
            .jobs
            .iter()
            .map(|job| format!("{:?} {}", job.kind, job.status))
            .collect();
        jobs.sort();
        // DynamoDB keeps a system backup of every deleted table by itself: that is not ours to undo.
        let points = snapshot
            .points
            .iter()
            .filter(|point| point.source != PointSource::DynamoDbSystem)
            .count();
        json!({ "tables": tables, "jobs": jobs, "points": points })
    }

    async fn moved_to(&self, now: Timestamp) {
        self.clock.set(now);
    }

    /// Every table has its records, and no point is missing; settings that could not be put back may be.
    fn check_kept(&self, done: &Value, seen: &Value) -> Result<(), String> {
        let items = |world: &Value| -> BTreeMap<String, Value> {
            let tables = world["tables"].as_object().cloned().unwrap_or_default();
            tables
                .into_iter()
                .map(|(name, table)| (name, table["items"].clone()))
                .collect()
        };
        let kept = items(done) == items(seen)
            && done["jobs"] == seen["jobs"]
            && done["points"] == seen["points"];
        if kept {
            Ok(())
        } else {
            Err(format!("lost\n  done: {done}\n  seen: {seen}"))
        }
    }

    fn check_undone(&self, before: &Value, seen: &Value) -> Result<(), String> {
        let jobs = |status: &[&str]| {
            seen["jobs"].as_array().map_or(0, |jobs| {
                jobs.iter()
                    .filter_map(Value::as_str)
                    .filter(|job| status.iter().any(|s| job.ends_with(s)))
                    .count()
            })
        };
        let fine = match self.undone {
            Undone::Nothing => seen == before,
            Undone::FinishedJobs => {
                seen["tables"] == before["tables"] && jobs(&["CREATED", "PENDING", "RUNNING"]) == 0
            }
            Undone::DeletedPoints => {
                seen["tables"] == before["tables"]
                    && seen["points"].as_u64() <= before["points"].as_u64()
            }
            Undone::Copies => {
                let points = |world: &Value| world["points"].as_u64().unwrap_or_default();
                let made = points(seen) - points(before);
                seen["tables"] == before["tables"] && made <= points(before)
            }
            Undone::OneRestoreJob => seen["jobs"].as_array().is_some_and(|jobs| jobs.len() <= 1),
        };
        if fine {
            Ok(())
        } else {
            Err(format!("left behind\n  before: {before}\n  after:  {seen}"))
        }
    }
}

fn subject(world: &World, kind: Arc<dyn RunKind>, params: Value, undone: Undone) -> Subject {
    Subject {
        kind,
        params,
        clock: ManualClock::new(world.clock.now()),
        world: Arc::new(Estate {
            aws: world.aws.clone(),
            clock: world.clock.clone(),
            scope: world.scope.clone(),
            undone,
        }),
    }
}

async fn restore_subject(world: &World, request: RestoreRequest, undone: Undone) -> Subject {
    let plan = restore::plan(&world.services, &caller(Role::Operator), request)
        .await
        .unwrap();
    let kind = RestoreRun::new(
        Arc::new(world.accounts.clone()),
        Arc::new(world.cloud.clone()),
        Arc::new(world.records.clone()),
        Arc::new(world.captures.clone()),
        SyncQueue::new(),
    );
    subject(world, Arc::new(kind), json!({ "plan": plan }), undone)
}

#[tokio::test]
async fn a_restore_to_a_second_passes_the_battery() {
    let report = battery::run(|| async {
        let world = World::new().await;
        world.aws.set_items(&world.scope, "orders", 3);
        let request = RestoreRequest {
            put_back: PutBack::ALL.into_iter().collect(),
            ..hour_ago(&world)
        };
        restore_subject(&world, request, Undone::Nothing).await
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 50, "{report:?}");
}

#[tokio::test]
async fn a_restore_from_a_recovery_point_passes_the_battery() {
    let report = battery::run(|| async {
        let world = World::new().await;
        let resource = build::resource(&world.scope, "orders").build();
        let point = build::point(&resource, "p-1").build();
        world.aws.add_point(point.clone(), BTreeMap::new(), 42);
        world.sync().await;
        let request = RestoreRequest {
            source: RestoreSource::RecoveryPoint {
                arn: point.arn,
                vault: "Default".to_owned(),
            },
            put_back: PutBack::ALL.into_iter().collect(),
            ..hour_ago(&world)
        };
        restore_subject(&world, request, Undone::OneRestoreJob).await
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 50, "{report:?}");
}

#[tokio::test]
async fn a_backup_passes_the_battery() {
    let report = battery::run(|| async {
        let world = World::new().await;
        let request = tidemark_domain::BackupRequest {
            resource: world.orders(),
            vault: "Default".to_owned(),
            delete_after_days: Some(30),
            cold_after_days: None,
            service_role: None,
            reason: String::new(),
        };
        let operator = caller(Role::Operator);
        let id = backup::start(&world.services, &operator, request)
            .await
            .unwrap();
        let params = world.services.runs.run(id).await.unwrap().params;
        let kind = BackupRun::new(
            Arc::new(world.accounts.clone()),
            Arc::new(world.cloud.clone()),
            SyncQueue::new(),
        );
        subject(&world, Arc::new(kind), params, Undone::FinishedJobs)
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 30, "{report:?}");
}

#[tokio::test]
async fn a_deletion_of_many_points_passes_the_battery() {
    let report = battery::run(|| async {
        let world = with_points(70).await;
        let id = begin(&world, delete_all()).await;
        let params = world.services.runs.run(id).await.unwrap().params;
        let kind = ChangeRun::deletion(
            Arc::new(world.accounts.clone()),
            Arc::new(world.cloud.clone()),
            Arc::new(world.items.clone()),
            SyncQueue::new(),
        );
        subject(&world, Arc::new(kind), params, Undone::DeletedPoints)
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 30, "{report:?}");
}

#[tokio::test]
async fn copies_of_many_points_pass_the_battery() {
    let report = battery::run(|| async {
        let world = point_copies::with_points(70).await;
        let id = point_copies::begin(&world, point_copies::copy_all(&world)).await;
        let params = world.services.runs.run(id).await.unwrap().params;
        let kind = CopyPointsRun::new(
            Arc::new(world.accounts.clone()),
            Arc::new(world.cloud.clone()),
            Arc::new(world.items.clone()),
            SyncQueue::new(),
        );
        subject(&world, Arc::new(kind), params, Undone::Copies)
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 30, "{report:?}");
}
