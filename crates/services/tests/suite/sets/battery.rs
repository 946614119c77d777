use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_domain::{Role, Scope};
use tidemark_runs::{
    ManualClock,
    battery::{self, Subject, World as BatteryWorld},
};
use tidemark_services::{
    ports::Cloud,
    sets::{BackUpSetRun, back_up_manifest},
    sync::SyncQueue,
};
use tidemark_testkit::{FakeCloud, FakeHooks, TestClock, build};

use super::{manifest, shop};
use crate::world::caller;

/// What the battery sees: the application and the jobs by status.
struct Estate {
    aws: FakeCloud,
    hooks: FakeHooks,
    clock: TestClock,
    scope: Scope,
}

#[async_trait]
impl BatteryWorld for Estate {
    async fn observe(&self) -> Value {
        let snapshot = self.aws.read_scope(&build::target(&self.scope)).await;
        let jobs = snapshot.map(|snapshot| snapshot.jobs).unwrap_or_default();
        let mut jobs: Vec<String> = jobs.into_iter().map(|job| job.status).collect();
        jobs.sort();
        let application = self.hooks.application();
        json!({"paused": application.paused, "pauses": application.paused_by.len(), "jobs": jobs})
    }

    async fn moved_to(&self, now: Timestamp) {
        self.clock.set(now);
    }

    fn check_undone(&self, _before: &Value, seen: &Value) -> Result<(), String> {
        let open = ["CREATED", "PENDING", "RUNNING"]
            .iter()
            .any(|status| seen["jobs"].to_string().contains(status));
        if open {
            return Err(format!("a job goes on: {seen}"));
        }
        if seen["paused"] == true {
            return Err(format!("writes are paused: {seen}"));
        }
        Ok(())
    }

    fn check_kept(&self, done: &Value, seen: &Value) -> Result<(), String> {
        // A resume that fails for good, as only the battery has it, leaves writes paused.
        if seen["jobs"] == done["jobs"] {
            Ok(())
        } else {
            Err(format!("not as after an undisturbed run: {seen}"))
        }
    }
}

async fn subject(resume_when: &str) -> Subject {
    let world = shop().await;
    world.hooks.application().in_flight = 2;
    let run = back_up_manifest(
        &world.services,
        &caller(Role::Operator),
        &manifest(resume_when),
        "",
    )
    .await
    .unwrap();
    let kind = BackUpSetRun::new(
        Arc::new(world.accounts.clone()),
        Arc::new(world.cloud.clone()),
        Arc::new(world.hooks.clone()),
        SyncQueue::new(),
    );
    Subject {
        kind: Arc::new(kind),
        params: world.services.runs.run(run).await.unwrap().params,
        clock: ManualClock::new(world.clock.now()),
        world: Arc::new(Estate {
            aws: world.aws.clone(),
            hooks: world.hooks.clone(),
            clock: world.clock.clone(),
            scope: world.scope.clone(),
        }),
    }
}

#[tokio::test]
async fn backing_a_set_up_until_the_jobs_have_started_passes_the_battery() {
    let report = battery::run(|| subject("started"))
        .await
        .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 60, "{report:?}");
}

#[tokio::test]
async fn backing_a_set_up_until_the_jobs_are_complete_passes_the_battery() {
    let report = battery::run(|| subject("completed"))
        .await
        .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 60, "{report:?}");
}
