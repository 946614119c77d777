//! The run kinds of plans under the engine's battery: each step failed, repeated, cut off, raced,
//! cancelled.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_domain::{
    Role, Scope,
    plan::{BackupPlan, PlanDraft, RolloutRequest, SelectionDraft},
    runs::RunId,
};
use tidemark_runs::{
    ManualClock, RunKind,
    battery::{self, Subject, World as BatteryWorld},
};
use tidemark_services::{
    plans::{self, DeletePlanRun, RolloutRun, RuleRunRun, SavePlanRun},
    ports::Cloud,
    sync::SyncQueue,
};
use tidemark_testkit::{FakeCloud, TestClock, build};

use crate::{
    plans::{by_owner, draft, gold, with_gold},
    world::{World, caller},
};

/// What the battery sees of the fake AWS: the content of plans, and jobs by status.
struct Estate {
    aws: FakeCloud,
    clock: TestClock,
    scopes: Vec<Scope>,
    undone: Undone,
}

#[derive(Clone, Copy)]
enum Undone {
    /// Everything is as before.
    AsBefore,
    /// As before, or the plan is gone: its deletion cannot be undone.
    Gone,
    /// No job still runs.
    NoOpenJobs,
}

fn content(plan: &BackupPlan) -> Value {
    let mut plan = plan.clone();
    for rule in &mut plan.rules {
        rule.other.remove("RuleId");
    }
    json!(plan)
}

#[async_trait]
impl BatteryWorld for Estate {
    async fn observe(&self) -> Value {
        let mut seen = Vec::new();
        for scope in &self.scopes {
            let plans: Vec<Value> = self
                .aws
                .plans(scope)
                .iter()
                .map(|plan| {
                    let mut selections: Vec<Value> = plan
                        .selections
                        .iter()
                        .map(|one| json!(one.selection))
                        .collect();
                    selections.sort_by_key(Value::to_string);
                    json!({"plan": content(&plan.plan), "selections": selections})
                })
                .collect();
            let snapshot = self.aws.read_scope(&build::target(scope)).await;
            let mut jobs: Vec<String> = snapshot
                .map(|snapshot| snapshot.jobs)
                .unwrap_or_default()
                .into_iter()
                .map(|job| job.status)
                .collect();
            jobs.sort();
            seen.push(json!({"plans": plans, "jobs": jobs}));
        }
        json!(seen)
    }

    async fn moved_to(&self, now: Timestamp) {
        self.clock.set(now);
    }

    fn check_undone(&self, before: &Value, seen: &Value) -> Result<(), String> {
        let open = ["CREATED", "PENDING", "RUNNING"]
            .iter()
            .any(|status| seen.to_string().contains(status));
        let fine = match self.undone {
            Undone::AsBefore => seen == before,
            Undone::Gone => seen == before || seen[0]["plans"] == json!([]),
            Undone::NoOpenJobs => seen[0]["plans"] == before[0]["plans"] && !open,
        };
        if fine {
            Ok(())
        } else {
            Err(format!("left behind\n  before: {before}\n  after:  {seen}"))
        }
    }
}

async fn subject(
    world: &World,
    kind: Arc<dyn RunKind>,
    run: RunId,
    scopes: Vec<Scope>,
    undone: Undone,
) -> Subject {
    Subject {
        kind,
        params: world.services.runs.run(run).await.unwrap().params,
        clock: ManualClock::new(world.clock.now()),
        world: Arc::new(Estate {
            aws: world.aws.clone(),
            clock: world.clock.clone(),
            scopes,
            undone,
        }),
    }
}

async fn save_subject(world: &World, draft: PlanDraft) -> Subject {
    let operator = caller(Role::Operator);
    let services = &world.services;
    let shown = plans::change(services, &operator, draft.clone())
        .await
        .unwrap();
    let run = plans::apply(services, &operator, draft, &shown.digest)
        .await
        .unwrap();
    let kind = SavePlanRun::new(
        Arc::new(world.accounts.clone()),
        Arc::new(world.cloud.clone()),
        SyncQueue::new(),
    );
    let scopes = vec![world.scope.clone()];
    subject(world, Arc::new(kind), run, scopes, Undone::AsBefore).await
}

#[tokio::test]
async fn creating_a_plan_passes_the_battery() {
    let report = battery::run(|| async {
        let world = World::new().await;
        let draft = draft(&world, gold(35));
        save_subject(&world, draft).await
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 30, "{report:?}");
}

#[tokio::test]
async fn changing_a_plan_and_its_selections_passes_the_battery() {
    let report = battery::run(|| async {
        let world = World::new().await;
        let account = world.scope.account.to_string();
        let second = by_owner("second", &account);
        let first = by_owner("first", &account);
        let id = world
            .aws
            .add_plan(&world.scope, &gold(35), &[first, second]);
        world.sync().await;
        let record = world
            .services
            .catalogue
            .plans_of(&world.scope)
            .await
            .unwrap();
        assert_eq!(record[0].id, id);
        let mut draft = PlanDraft::of(&record[0]);
        draft.plan = gold(50);
        // One replaced under its name, one gone, one new.
        draft.selections.truncate(1);
        draft.selections[0].selection.list_of_tags[0].condition_value = "paul".to_owned();
        draft.selections.push(SelectionDraft {
            id: None,
            selection: by_owner("third", &account),
        });
        save_subject(&world, draft).await
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 50, "{report:?}");
}

#[tokio::test]
async fn deleting_a_plan_passes_the_battery() {
    let report = battery::run(|| async {
        let world = World::new().await;
        let operator = caller(Role::Operator);
        let key = with_gold(&world).await;
        let services = &world.services;
        let shown = plans::deletion(services, &operator, &key).await.unwrap();
        let run = plans::delete(services, &operator, &key, &shown.digest, "")
            .await
            .unwrap();
        let kind = DeletePlanRun::new(
            Arc::new(world.accounts.clone()),
            Arc::new(world.cloud.clone()),
            SyncQueue::new(),
        );
        let scopes = vec![world.scope.clone()];
        subject(&world, Arc::new(kind), run, scopes, Undone::Gone).await
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 20, "{report:?}");
}

#[tokio::test]
async fn running_a_rule_passes_the_battery() {
    let report = battery::run(|| async {
        let world = World::new().await;
        let operator = caller(Role::Operator);
        let key = with_gold(&world).await;
        let services = &world.services;
        let shown = plans::rule_run(services, &operator, &key, "daily")
            .await
            .unwrap();
        let run = plans::run_now(services, &operator, &key, "daily", &shown.digest, "")
            .await
            .unwrap();
        let kind = RuleRunRun::new(
            Arc::new(world.accounts.clone()),
            Arc::new(world.cloud.clone()),
            SyncQueue::new(),
        );
        let scopes = vec![world.scope.clone()];
        subject(&world, Arc::new(kind), run, scopes, Undone::NoOpenJobs).await
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 30, "{report:?}");
}

#[tokio::test]
async fn a_rollout_passes_the_battery() {
    let report = battery::run(|| async {
        let world = World::new().await;
        let operator = caller(Role::Operator);
        let dr = world.add_account("444455556666").await;
        // One is there and changes, one is new.
        let account = world.scope.account.to_string();
        world
            .aws
            .add_plan(&world.scope, &gold(7), &[by_owner("olgas", &account)]);
        world.sync().await;
        let request = RolloutRequest {
            plan: gold(35),
            selections: vec![by_owner("olgas", &account)],
            targets: vec![world.scope.clone(), dr.clone()],
            reason: String::new(),
        };
        let services = &world.services;
        let shown = plans::rollout(services, &operator, request.clone())
            .await
            .unwrap();
        let run = plans::start_rollout(services, &operator, request, &shown.digest)
            .await
            .unwrap();
        let kind = RolloutRun::new(
            Arc::new(world.accounts.clone()),
            Arc::new(world.cloud.clone()),
            SyncQueue::new(),
        );
        let scopes = vec![world.scope.clone(), dr];
        subject(&world, Arc::new(kind), run, scopes, Undone::AsBefore).await
    })
    .await
    .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.scenarios > 40, "{report:?}");
}
