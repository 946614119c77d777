use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_domain::{Role, Scope, sets::SetRestoreRequest};
use tidemark_runs::{
    ManualClock,
    battery::{self, Subject, World as BatteryWorld},
};
use tidemark_services::{
    sets::{RestoreSetRun, plan_restore, restore},
    sync::SyncQueue,
};
use tidemark_testkit::{FakeCloud, FakeHooks, TestClock};

use super::restoring::{proposed, with_points};
use crate::world::{World, caller};

/// What the battery sees: the tables with what they hold, and the application.
struct Estate {
    aws: FakeCloud,
    hooks: FakeHooks,
    clock: TestClock,
    scope: Scope,
}

#[async_trait]
impl BatteryWorld for Estate {
    async fn observe(&self) -> Value {
        let tables: BTreeMap<String, Option<i64>> = self
            .aws
            .table_names(&self.scope)
            .into_iter()
            .map(|name| {
                let items = self.aws.items(&self.scope, &name);
                (name, items)
            })
            .collect();
        let application = self.hooks.application();
        json!({
            "tables": tables,
            "paused": application.paused,
            "switched": application.switched.len(),
        })
    }

    async fn moved_to(&self, now: Timestamp) {
        self.clock.set(now);
    }

    /// A restore job cannot be stopped, and what is complete stays: nothing else is there, and what was there before is.
    fn check_undone(&self, before: &Value, seen: &Value) -> Result<(), String> {
        same_but_new(before, seen)?;
        if seen["paused"] == true || seen["switched"] != 0 {
            return Err(format!("the application was changed: {seen}"));
        }
        Ok(())
    }

    /// Where a member failed, the others are there; nothing is switched over to less than the whole. A resume that fails for
    /// good, as only the battery has it, leaves writes paused.
    fn check_kept(&self, done: &Value, seen: &Value) -> Result<(), String> {
        let tables = |world: &Value| world["tables"].as_object().cloned().unwrap_or_default();
        let (done, kept) = (tables(done), tables(seen));
        if kept.len() + 1 < done.len() {
            return Err(format!("more than one member is missing: {seen}"));
        }
        for (name, items) in &kept {
            if done.get(name) != Some(items) {
                return Err(format!("{name} is not as after an undisturbed run: {seen}"));
            }
        }
        if kept.len() < done.len() && seen["switched"] != 0 {
            return Err(format!("switched over to less than the whole: {seen}"));
        }
        Ok(())
    }
}

/// Tables that were there are as they were, and new ones hold everything.
fn same_but_new(before: &Value, seen: &Value) -> Result<(), String> {
    let tables = |world: &Value| world["tables"].as_object().cloned().unwrap_or_default();
    let before = tables(before);
    for (name, items) in tables(seen) {
        let whole = if name.starts_with("orders") { 100 } else { 10 };
        let fine = before.get(&name).is_none_or(|known| *known == items) && items == whole;
        if !fine {
            return Err(format!("{name} holds {items}: {seen}"));
        }
    }
    Ok(())
}

async fn subject() -> Subject {
    let world = with_points().await;
    world.hooks.application().in_flight = 1;
    let request = SetRestoreRequest {
        switch: true,
        ..proposed(&world).await
    };
    let kind = RestoreSetRun::new(
        Arc::new(world.accounts.clone()),
        Arc::new(world.cloud.clone()),
        Arc::new(world.records.clone()),
        Arc::new(world.captures.clone()),
        Arc::new(world.hooks.clone()),
        SyncQueue::new(),
    );
    Subject {
        kind: Arc::new(kind),
        params: params(&world, request).await,
        clock: ManualClock::new(world.clock.now()),
        world: Arc::new(Estate {
            aws: world.aws.clone(),
            hooks: world.hooks.clone(),
            clock: world.clock.clone(),
            scope: world.scope.clone(),
        }),
    }
}

async fn params(world: &World, request: SetRestoreRequest) -> Value {
    let operator = caller(Role::Operator);
    let plan = plan_restore(&world.services, &operator, request)
        .await
        .unwrap();
    let run = restore(&world.services, &operator, plan.request, &plan.digest)
        .await
        .unwrap();
    world.services.runs.run(run).await.unwrap().params
}

#[tokio::test]
async fn restoring_a_set_and_switching_over_passes_the_battery() {
    let report = battery::run(subject)
        .await
        .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 150, "{report:?}");
}
