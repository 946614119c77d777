use std::collections::BTreeMap;

use jiff::SignedDuration;
use tidemark_domain::{
    PutBack, RestoreRequest, RestoreSource, Role,
    runs::{RunId, RunState},
};
use tidemark_services::{ServiceError, ports::CloudErrorKind, restore, runs};
use tidemark_testkit::{FakeTable, JobEnd, JobScript, When, build};

use crate::world::{World, caller, hour_ago};

async fn start(world: &World, request: RestoreRequest) -> RunId {
    let operator = caller(Role::Operator);
    let plan = restore::plan(&world.services, &operator, request.clone())
        .await
        .unwrap();
    restore::start(&world.services, &operator, request, &plan.digest)
        .await
        .unwrap()
}

fn with_settings(world: &World) -> RestoreRequest {
    RestoreRequest {
        put_back: PutBack::ALL.into_iter().collect(),
        ..hour_ago(world)
    }
}

#[tokio::test]
async fn the_new_table_holds_what_the_source_held_at_that_second_with_its_settings() {
    let world = World::new().await;
    world.aws.set_items(&world.scope, "orders", 3);
    let id = start(&world, with_settings(&world)).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(world.aws.items(&world.scope, "orders-back"), Some(100));
    assert_eq!(world.aws.items(&world.scope, "orders"), Some(3));
    let (source, restored) = (
        world.aws.settings(&world.scope, "orders").unwrap(),
        world.aws.settings(&world.scope, "orders-back").unwrap(),
    );
    assert_eq!(restored, source);
}

#[tokio::test]
async fn every_call_of_the_run_carries_its_name_the_users_name_and_the_plans_policy() {
    let world = World::new().await;
    let before = world.cloud.calls().len();
    let id = {
        let request = with_settings(&world);
        start(&world, request).await
    };
    let planning = world.cloud.calls().len();
    world.finish(id).await;
    let calls = world.cloud.calls();
    assert!(planning > before && calls.len() > planning);
    for call in &calls[planning..] {
        let session = &call.target.session;
        assert_eq!(
            session.source_identity.as_ref().unwrap().as_str(),
            "operator",
            "{}",
            call.operation
        );
        assert_eq!(session.session_name.as_str(), format!("tidemark-run-{id}"));
        assert!(session.policy.is_some());
    }
}

/// Fails each call of the run once, before and after its effect: the run still ends with exactly
/// one table that has everything.
#[tokio::test]
async fn a_lost_answer_at_any_call_leads_to_the_same_end() {
    let operations = [
        "table",
        "restore_table",
        "tag_table",
        "put_time_to_live",
        "put_stream",
        "put_point_in_time_recovery",
    ];
    for operation in operations {
        for when in [When::Before, When::After] {
            for kind in [
                CloudErrorKind::Timeout,
                CloudErrorKind::Throttled,
                CloudErrorKind::Unavailable,
            ] {
                let world = World::new().await;
                let id = start(&world, with_settings(&world)).await;
                world.cloud.fail_nth(operation, 1, kind, when);
                let view = world.finish(id).await;
                let case = format!("{operation} {when:?} {kind:?}: {view:?}");
                assert_eq!(view.state, RunState::Succeeded, "{case}");
                assert_eq!(
                    world.aws.table_names(&world.scope),
                    ["orders", "orders-back"],
                    "{case}"
                );
                assert_eq!(
                    world.aws.settings(&world.scope, "orders-back"),
                    world.aws.settings(&world.scope, "orders"),
                    "{case}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_name_taken_after_the_plan_ends_the_run_and_leaves_the_other_table_alone() {
    let world = World::new().await;
    let id = start(&world, hour_ago(&world)).await;
    world
        .aws
        .add_table(&world.scope, FakeTable::new("orders-back").items(7));
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    assert_eq!(world.aws.items(&world.scope, "orders-back"), Some(7));
    assert!(view.error.unwrap().message.contains("exists already"));
}

#[tokio::test]
async fn a_setting_that_cannot_be_put_back_leaves_the_table_and_is_put_back_by_a_retry() {
    let world = World::new().await;
    let id = start(&world, with_settings(&world)).await;
    world
        .cloud
        .fail_always("put_stream", CloudErrorKind::Denied, When::Before);
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::SucceededWithWarnings, "{view:?}");
    let missing: Vec<&str> = view.warnings().map(|step| step.name.as_str()).collect();
    assert_eq!(missing, ["put-back-stream"]);
    assert_eq!(
        world.aws.table_names(&world.scope),
        ["orders", "orders-back"]
    );
    assert_eq!(world.aws.items(&world.scope, "orders-back"), Some(100));

    world.cloud.heal();
    let restores = world.cloud.count("restore_table");
    let operator = caller(Role::Operator);
    let again = runs::retry(&world.services, &operator, id).await.unwrap();
    let view = world.finish(again).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(world.cloud.count("restore_table"), restores);
    assert_eq!(
        world.aws.settings(&world.scope, "orders-back"),
        world.aws.settings(&world.scope, "orders")
    );
    let steps: Vec<&str> = view.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(
        steps,
        ["wait-until-active", "put-back-stream", "refresh-catalogue"]
    );
}

#[tokio::test]
async fn an_outage_while_the_table_is_restored_deletes_nothing_whatever_its_kind() {
    for kind in [
        CloudErrorKind::Unavailable,
        CloudErrorKind::Timeout,
        CloudErrorKind::Throttled,
        CloudErrorKind::Unexpected,
        CloudErrorKind::Denied,
    ] {
        let world = World::new().await;
        let id = start(&world, hour_ago(&world)).await;
        world.aws.settle_after(50);
        world.services.runs.run_until_idle().await.unwrap();
        world.cloud.fail_always("table", kind, When::Before);
        let begun = world.clock.now();
        while world.clock.now() < begun + SignedDuration::from_hours(10) {
            let due = world.services.runs.run_until_idle().await.unwrap();
            world.clock.set(due.unwrap());
        }
        let run = world.services.runs.run(id).await.unwrap();
        assert!(run.head.alarm.is_some(), "{kind:?}");
        assert!(run.seq < 50, "{kind:?}: {} events", run.seq);
        world.cloud.heal();
        let view = world.finish(id).await;
        assert_eq!(view.state, RunState::Succeeded, "{kind:?}: {view:?}");
        assert_eq!(world.aws.items(&world.scope, "orders-back"), Some(100));
        assert_eq!(world.cloud.count("delete_table"), 0, "{kind:?}");
    }
}

#[tokio::test]
async fn a_cancel_once_the_data_is_back_keeps_the_table() {
    let world = World::new().await;
    let id = start(&world, with_settings(&world)).await;
    world
        .cloud
        .fail_always("put_stream", CloudErrorKind::Unavailable, When::Before);
    for _ in 0..12 {
        let due = world.services.runs.run_until_idle().await.unwrap();
        world.clock.set(due.unwrap());
    }
    runs::cancel(&world.services, &caller(Role::Operator), id, "enough")
        .await
        .unwrap();
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Cancelled, "{view:?}");
    assert_eq!(world.aws.items(&world.scope, "orders-back"), Some(100));
}

#[tokio::test]
async fn one_plan_sent_many_times_at_once_is_one_run_and_another_to_the_same_name_is_refused() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let plan = restore::plan(&world.services, &operator, hour_ago(&world))
        .await
        .unwrap();
    let sent = (0..20).map(|_| {
        restore::start(
            &world.services,
            &operator,
            plan.request.clone(),
            &plan.digest,
        )
    });
    let ids: Vec<_> = futures::future::join_all(sent).await;
    let first = *ids[0].as_ref().unwrap();
    assert!(ids.iter().all(|id| *id.as_ref().unwrap() == first));
    let entries = world.audit.records();
    let starts = entries
        .iter()
        .filter(|one| one.entry.action == "restore.start");
    assert_eq!(starts.count(), 1);

    // Somebody else wants a table of the same name.
    let admin = caller(Role::Admin);
    let plan = restore::plan(&world.services, &admin, hour_ago(&world))
        .await
        .unwrap();
    let refused = restore::start(&world.services, &admin, plan.request, &plan.digest).await;
    match refused {
        Err(ServiceError::Conflict(why)) => assert!(why.contains(&first.to_string()), "{why}"),
        other => panic!("{other:?}"),
    }
    let view = world.finish(first).await;
    assert_eq!(view.state, RunState::Succeeded);
}

#[tokio::test]
async fn cancelling_takes_the_new_table_away_again() {
    let world = World::new().await;
    let id = start(&world, hour_ago(&world)).await;
    world.aws.settle_after(50);
    world.services.runs.run_until_idle().await.unwrap();
    runs::cancel(&world.services, &caller(Role::Operator), id, "wrong second")
        .await
        .unwrap();
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Cancelled, "{view:?}");
    assert!(
        !world
            .aws
            .table_names(&world.scope)
            .contains(&"orders-back".to_owned())
    );
}

#[tokio::test]
async fn a_recovery_point_comes_back_by_a_job_with_its_metadata() {
    let world = World::new().await;
    let resource = build::resource(&world.scope, "orders").build();
    let point = build::point(&resource, "p-1").build();
    let metadata = BTreeMap::from([("encryptionType".to_owned(), "Default".to_owned())]);
    world.aws.add_point(point.clone(), metadata.clone(), 42);
    world.sync().await;
    let request = RestoreRequest {
        source: RestoreSource::RecoveryPoint {
            arn: point.arn,
            vault: "Default".to_owned(),
        },
        metadata,
        ..hour_ago(&world)
    };
    let id = start(&world, request).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(world.aws.items(&world.scope, "orders-back"), Some(42));
}

#[tokio::test]
async fn a_failed_restore_job_ends_the_run_with_aws_backups_own_message() {
    let world = World::new().await;
    let resource = build::resource(&world.scope, "orders").build();
    let point = build::point(&resource, "p-1").build();
    world.aws.add_point(point.clone(), BTreeMap::new(), 42);
    world.sync().await;
    world.aws.script_restores(JobScript {
        polls: 1,
        end: JobEnd::With("FAILED".to_owned(), "no key access".to_owned()),
    });
    let request = RestoreRequest {
        source: RestoreSource::RecoveryPoint {
            arn: point.arn,
            vault: "Default".to_owned(),
        },
        ..hour_ago(&world)
    };
    let id = start(&world, request).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    assert!(view.error.unwrap().message.contains("no key access"));
}

#[tokio::test]
async fn a_retried_run_starts_anew_in_the_name_of_who_retries() {
    let world = World::new().await;
    let id = start(&world, hour_ago(&world)).await;
    world
        .cloud
        .fail_nth("restore_table", 1, CloudErrorKind::Denied, When::Before);
    assert_eq!(world.finish(id).await.state, RunState::Failed);
    let again = runs::retry(&world.services, &caller(Role::Admin), id)
        .await
        .unwrap();
    let view = world.finish(again).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(view.creator, "admin");
    assert_eq!(world.aws.items(&world.scope, "orders-back"), Some(100));
}
