//! A call that was carried out, whose answer was lost, and that AWS refuses to say again: nobody knows what it made, and the
//! run says so.

use jiff::SignedDuration;
use tidemark_domain::{
    BackupRequest, Role,
    runs::{RunId, RunState},
};
use tidemark_services::{backup, plans, ports::CloudErrorKind, runs};
use tidemark_testkit::When;

use crate::{
    plans::{rollout, with_gold},
    world::{World, caller},
};

/// Loses the first answer of an operation.
fn lose(world: &World, operation: &'static str) {
    world
        .cloud
        .fail_nth(operation, 1, CloudErrorKind::Timeout, When::After);
}

/// What a run says that it left, when it is cancelled after a lost answer and AWS refuses the call from then on.
async fn left_when_cancelled(world: &World, operation: &'static str, run: RunId) -> Vec<String> {
    world.services.runs.run_until_idle().await.unwrap();
    world.cloud.heal();
    world
        .cloud
        .fail_always(operation, CloudErrorKind::Denied, When::Before);
    runs::cancel(&world.services, &caller(Role::Operator), run, "enough")
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    let left = view.leftovers();
    left.filter_map(|step| step.undo.error.as_ref())
        .map(|error| error.message.clone())
        .collect()
}

#[tokio::test]
async fn a_backup_job_that_nobody_can_name_is_told_of() {
    let world = World::new().await;
    let request = BackupRequest {
        resource: world.orders(),
        vault: "Default".to_owned(),
        delete_after_days: Some(30),
        cold_after_days: None,
        service_role: None,
        reason: String::new(),
    };
    lose(&world, "start_backup");
    let run = backup::start(&world.services, &caller(Role::Operator), request)
        .await
        .unwrap();
    let left = left_when_cancelled(&world, "start_backup", run).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains(world.orders().as_str()), "{left:?}");
}

#[tokio::test]
async fn a_job_of_a_rule_that_nobody_can_name_is_told_of() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let shown = plans::rule_run(&world.services, &operator, &key, "daily")
        .await
        .unwrap();
    lose(&world, "start_rule_backup");
    let run = plans::run_now(&world.services, &operator, &key, "daily", &shown.digest, "")
        .await
        .unwrap();
    let left = left_when_cancelled(&world, "start_rule_backup", run).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains(world.orders().as_str()), "{left:?}");
}

#[tokio::test]
async fn a_plan_that_nobody_can_find_is_told_of() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let request = rollout(&world, std::slice::from_ref(&world.scope));
    let shown = plans::rollout(&world.services, &operator, request.clone())
        .await
        .unwrap();
    lose(&world, "create_plan");
    let run = plans::start_rollout(&world.services, &operator, request, &shown.digest)
        .await
        .unwrap();
    let left = left_when_cancelled(&world, "create_plan", run).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains("gold"), "{left:?}");
}

#[tokio::test]
async fn a_roll_out_with_one_target_waits_for_it_as_long_as_it_takes() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let request = rollout(&world, std::slice::from_ref(&world.scope));
    let shown = plans::rollout(&world.services, &operator, request.clone())
        .await
        .unwrap();
    world
        .cloud
        .fail_always("create_plan", CloudErrorKind::Unavailable, When::Before);
    let run = plans::start_rollout(&world.services, &operator, request, &shown.digest)
        .await
        .unwrap();
    for _ in 0..12 {
        world.services.runs.run_until_idle().await.unwrap();
        world
            .clock
            .set(world.clock.now() + SignedDuration::from_mins(10));
    }
    world.cloud.heal();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert!(world.cloud.count("create_plan") > 3);
}
