use jiff::SignedDuration;
use serde_json::Value;
use tidemark_domain::{
    Role,
    plan::PlanFilter,
    runs::{RunId, RunState},
    simulate::SimFailureKind,
};
use tidemark_services::{plans, ports::CloudErrorKind};
use tidemark_testkit::{FakeTable, JobEnd, JobScript, When, build};

use super::{DR, by_owner, draft, edited, gold, key, rollout, with_gold};
use crate::world::{World, caller};

#[tokio::test]
async fn running_a_rule_now_makes_a_point_of_each_resource_that_it_takes() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let shown = plans::rule_run(&world.services, &operator, &key, "daily")
        .await
        .unwrap();
    assert_eq!(shown.resources.len(), 1);
    let run = plans::run_now(&world.services, &operator, &key, "daily", &shown.digest, "")
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(view.summary["completed"], 1);
    world.sync().await;
    let page = world
        .services
        .catalogue
        .points(&tidemark_domain::PointFilter {
            resource: Some(world.orders()),
            ..Default::default()
        })
        .await
        .unwrap();
    let point = &page.items[0];
    assert_eq!(point.status, "COMPLETED");
    let days = point.delete_at.unwrap().duration_since(point.created_at);
    assert_eq!(days.as_hours(), 35 * 24);
}

#[tokio::test]
async fn a_job_that_fails_does_not_hide_the_others_and_all_failing_fails_the_run() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    world.aws.script_backups(JobScript {
        polls: 1,
        end: JobEnd::With("FAILED".to_owned(), "no more room".to_owned()),
    });
    let shown = plans::rule_run(&world.services, &operator, &key, "daily")
        .await
        .unwrap();
    let run = plans::run_now(&world.services, &operator, &key, "daily", &shown.digest, "")
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed);
    assert!(view.error.unwrap().message.contains("no more room"));
}

#[tokio::test]
async fn a_rollout_has_a_result_per_account_and_drift_shows_later() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let dr = world.add_account(DR).await;
    let shut = world.add_account("777788889999").await;
    world.aws.deny(&shut.account, &["backup:CreateBackupPlan"]);
    let request = rollout(&world, &[world.scope.clone(), dr.clone(), shut.clone()]);
    let shown = plans::rollout(&world.services, &operator, request.clone())
        .await
        .unwrap();
    assert_eq!(shown.targets.len(), 3);
    let in_dr = shown
        .targets
        .iter()
        .find(|t| t.account == dr.account)
        .unwrap();
    let role = &in_dr.change.as_ref().unwrap().draft.selections[0];
    assert!(role.selection.iam_role_arn.contains(DR));
    let run = plans::start_rollout(&world.services, &operator, request.clone(), &shown.digest)
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::PartlyFailed, "{view:?}");
    assert_eq!(view.summary["saved"], 2);
    assert_eq!(view.summary["failed"], 1);
    assert_eq!(world.aws.plans(&dr)[0].selections.len(), 1);
    assert!(world.aws.plans(&shut).is_empty());
    // Retrying does just what failed, and fails as a whole while it still does.
    let again = tidemark_services::runs::retry(&world.services, &operator, run)
        .await
        .unwrap();
    let view = world.finish(again).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    let error = view.error.unwrap().message;
    assert!(error.contains("none of 1 accounts"), "{error}");
    assert_eq!(view.steps[0].name, "777788889999-eu-west-1");

    // Somebody changes the one in the DR account.
    let id = world.aws.plans(&dr)[0].id.clone();
    world.aws.change_plan(&dr, &id, &gold(7));
    world.sync().await;
    let account = build::account(DR);
    tidemark_services::sync::sync_scope(&world.services, &account, &dr.region)
        .await
        .unwrap();
    let rows = plans::list(&world.services, &operator, &PlanFilter::default())
        .await
        .unwrap();
    assert_eq!(rows.items.len(), 2);
    assert!(rows.items.iter().all(|row| row.drifts));
    let home = key(&world.scope, world.aws.plans(&world.scope)[0].id.clone());
    let detail = plans::get(&world.services, &operator, &home).await.unwrap();
    assert_eq!(detail.siblings.len(), 1);
    assert_eq!(
        detail.siblings[0].differences[0].field,
        "Rules[daily].Lifecycle.DeleteAfterDays"
    );
    // Rolling out again changes just that one.
    let again = plans::rollout(&world.services, &operator, request)
        .await
        .unwrap();
    let changing: Vec<_> = again
        .targets
        .iter()
        .filter(|t| {
            t.change
                .as_ref()
                .is_some_and(|c| c.before.is_some() && !c.is_empty())
        })
        .map(|t| t.account.as_str())
        .collect();
    assert_eq!(changing, [DR]);
}

#[tokio::test]
async fn a_list_counts_what_each_plan_takes_and_when_it_runs_next() {
    let world = World::new().await;
    with_gold(&world).await;
    let rows = plans::list(
        &world.services,
        &caller(Role::Viewer),
        &PlanFilter::default(),
    )
    .await
    .unwrap();
    let row = &rows.items[0];
    assert_eq!((row.rules, row.selections, row.resources), (1, 1, Some(1)));
    assert_eq!((row.errors, row.drifts), (0, false));
    let next = row.next_run.unwrap();
    assert!(next > world.clock.now());
    assert_eq!(next.to_string(), "2026-01-16T05:00:00Z");
}

#[tokio::test]
async fn the_future_of_a_plan_whose_vault_refuses_its_points_is_that_there_are_none() {
    let world = World::new().await;
    let mut locked = build::vault(&world.scope, "locked");
    locked.locked = true;
    locked.min_retention_days = Some(60);
    world.aws.add_vault(locked);
    let mut plan = gold(35);
    "locked".clone_into(&mut plan.rules[0].target_backup_vault_name);
    let selection = by_owner("olgas", world.scope.account.as_str());
    let id = world.aws.add_plan(&world.scope, &plan, &[selection]);
    world.sync().await;
    let key = key(&world.scope, id);
    let future = plans::future(&world.services, &caller(Role::Viewer), &key)
        .await
        .unwrap();
    assert_eq!(future.taken.len(), 1);
    let last = future.months.last().unwrap();
    assert_eq!((last.warm_points, last.furthest), (0, None));
    let [failure] = future.failures.as_slice() else {
        panic!("{:?}", future.failures);
    };
    assert_eq!(
        (failure.rule.as_str(), failure.kind),
        ("daily", SimFailureKind::Failed)
    );
    assert!(failure.times > 390, "every day: {failure:?}");
}

#[tokio::test]
async fn the_runs_credentials_reach_this_plan_only() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let mut change = edited(&world, &key).await;
    change.plan = gold(36);
    let shown = plans::change(&world.services, &operator, change.clone())
        .await
        .unwrap();
    let policy: Value = serde_json::from_str(&shown.session_policy).unwrap();
    let resource = &policy["Statement"][0]["Resource"];
    assert!(resource.as_str().unwrap().ends_with(&key.id), "{policy}");
    let run = plans::apply(&world.services, &operator, change, &shown.digest)
        .await
        .unwrap();
    world.finish(run).await;
    let updates: Vec<_> = world
        .cloud
        .calls()
        .into_iter()
        .filter(|call| call.operation == "update_plan")
        .collect();
    assert_eq!(updates.len(), 1);
    let session = &updates[0].target.session;
    assert_eq!(
        session.source_identity.as_ref().unwrap().as_str(),
        "operator"
    );
    assert_eq!(
        session.policy.as_deref(),
        Some(shown.session_policy.as_str())
    );
}

/// A rule that takes two tables, started while AWS begins no backup, an hour ago.
async fn an_hour_in_vain(world: &World) -> RunId {
    let carts = FakeTable::new("carts").tag("owner", "olga").items(3);
    world.aws.add_table(&world.scope, carts);
    let operator = caller(Role::Operator);
    let key = with_gold(world).await;
    let shown = plans::rule_run(&world.services, &operator, &key, "daily")
        .await
        .unwrap();
    assert_eq!(shown.resources.len(), 2);
    world
        .cloud
        .fail_always(START, CloudErrorKind::Unavailable, When::Before);
    let run = plans::run_now(&world.services, &operator, &key, "daily", &shown.digest, "")
        .await
        .unwrap();
    let until = world.clock.now() + SignedDuration::from_hours(1);
    while world.clock.now() < until {
        let due = world.services.runs.run_until_idle().await.unwrap();
        world.wake(due.unwrap());
    }
    let view = world.services.runs.view(run).await.unwrap();
    assert!(!view.state.is_terminal(), "{view:?}");
    run
}

const START: &str = "start_rule_backup";

#[tokio::test]
async fn a_rule_waits_for_as_long_as_aws_begins_none_of_its_backups() {
    let world = World::new().await;
    let run = an_hour_in_vain(&world).await;
    world.cloud.heal();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(view.summary["completed"], 2);
}

#[tokio::test]
async fn trouble_that_passes_while_a_rule_asks_for_the_last_time_costs_no_backup() {
    let world = World::new().await;
    let run = an_hour_in_vain(&world).await;
    world.cloud.heal();
    world
        .cloud
        .fail_nth(START, 1, CloudErrorKind::Unavailable, When::Before);
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(view.summary["completed"], 2);
}

#[tokio::test]
async fn the_one_backup_that_aws_does_not_begin_does_not_hold_the_others() {
    let world = World::new().await;
    let run = an_hour_in_vain(&world).await;
    world.cloud.heal();
    for nth in [1, 3] {
        world
            .cloud
            .fail_nth(START, nth, CloudErrorKind::Throttled, When::Before);
    }
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::PartlyFailed, "{view:?}");
    assert_eq!(view.summary["completed"], 1);
    let results = view.summary["results"].as_array().unwrap();
    assert_eq!(results[0]["status"], "NOT STARTED");
}

#[tokio::test]
async fn who_makes_a_plan_and_who_changes_one_of_that_name_are_not_at_work_at_once() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    world
        .cloud
        .fail_always("create_plan", CloudErrorKind::Unavailable, When::Before);
    let made = draft(&world, gold(35));
    let shown = plans::change(&world.services, &operator, made.clone())
        .await
        .unwrap();
    plans::apply(&world.services, &operator, made, &shown.digest)
        .await
        .unwrap();
    world.services.runs.run_until_idle().await.unwrap();

    // Somebody makes it without the console.
    let key = with_gold(&world).await;
    let mut change = edited(&world, &key).await;
    change.plan = gold(36);
    let shown = plans::change(&world.services, &operator, change.clone())
        .await
        .unwrap();
    let refused = plans::apply(&world.services, &operator, change, &shown.digest)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("same target"), "{refused}");
    let deletion = plans::deletion(&world.services, &operator, &key)
        .await
        .unwrap();
    let refused = plans::delete(&world.services, &operator, &key, &deletion.digest, "")
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("same target"), "{refused}");
}
