use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use tidemark_domain::{
    LegalHold, PointFilter, Role,
    change::{
        ChangePlan, ChangeRequest, ColdChange, ItemFilter, ItemState, Keep, PointAction, PointPick,
        PointSelection, RunItem,
    },
    runs::{RunId, RunState, RunView},
};
use tidemark_services::{
    ServiceError,
    points::{
        self,
        change::{Confirmed, plan, start},
    },
    ports::CloudErrorKind,
    runs,
};
use tidemark_testkit::{When, build};

use crate::world::{World, caller};

/// So many points of `orders`, one per hour, in vault `Default`; known to the catalogue.
pub(crate) async fn with_points(number: i64) -> World {
    let world = World::new().await;
    add_points(&world, number, "Default").await;
    world
}

async fn add_points(world: &World, number: i64, vault: &str) {
    let resource = build::resource(&world.scope, "orders").build();
    for n in 0..number {
        let point = build::point(&resource, &format!("{vault}-{n:05}"))
            .vault(vault)
            .at(world.clock.now() - SignedDuration::from_hours(n + 1))
            .size(10)
            .build();
        world.aws.add_point(point, BTreeMap::new(), 1);
    }
    world.sync().await;
}

fn hold(world: &World, vaults: &[&str]) -> LegalHold {
    LegalHold {
        id: "hold-1".to_owned(),
        arn: build::arn("arn:aws:backup:eu-west-1:111122223333:legal-hold:hold-1"),
        account: world.scope.account.clone(),
        region: world.scope.region.clone(),
        title: "Case 1".to_owned(),
        description: String::new(),
        status: "ACTIVE".to_owned(),
        created_at: world.clock.now(),
        cancelled_at: None,
        vaults: vaults.iter().map(|name| (*name).to_owned()).collect(),
        resources: Vec::new(),
        from: None,
        until: None,
        points: 0,
    }
}

fn matching(filter: PointFilter) -> PointSelection {
    PointSelection::Matching(Box::new(filter))
}

pub(crate) fn delete_all() -> ChangeRequest {
    ChangeRequest {
        action: PointAction::Delete,
        selection: matching(PointFilter::default()),
        all: true,
    }
}

fn keep_for(days: Option<i64>) -> ChangeRequest {
    ChangeRequest {
        action: PointAction::ChangeLifecycle {
            cold: ColdChange::Keep,
            delete_after_days: days,
        },
        selection: matching(PointFilter::default()),
        all: true,
    }
}

pub(crate) async fn planned(world: &World, request: ChangeRequest) -> ChangePlan {
    plan(&world.services, &caller(Role::Operator), request)
        .await
        .unwrap()
}

pub(crate) fn confirmed(plan: &ChangePlan) -> Confirmed {
    Confirmed {
        digest: plan.digest.clone(),
        confirmation: plan.confirmation.clone(),
        reason: "cleaning up".to_owned(),
        token: "form-1".to_owned(),
    }
}

pub(crate) async fn begin(world: &World, request: ChangeRequest) -> RunId {
    let plan = planned(world, request.clone()).await;
    let confirmed = confirmed(&plan);
    start(
        &world.services,
        &caller(Role::Operator),
        request,
        &confirmed,
    )
    .await
    .unwrap()
}

async fn run(world: &World, request: ChangeRequest) -> RunView {
    let id = begin(world, request).await;
    world.finish(id).await
}

async fn items(world: &World, id: RunId, state: ItemState) -> Vec<RunItem> {
    let filter = ItemFilter {
        state: Some(state),
        limit: Some(1000),
        cursor: None,
    };
    runs::items(&world.services, &caller(Role::Viewer), id, &filter)
        .await
        .unwrap()
        .items
}

#[tokio::test]
async fn an_empty_filter_takes_everything_only_when_that_is_said() {
    let world = with_points(3).await;
    let mut unsaid = delete_all();
    unsaid.all = false;
    let error = plan_error(&world, unsaid.clone()).await;
    assert!(error.to_string().contains("all"), "{error}");
    let said = planned(&world, delete_all()).await;
    let answer = start(
        &world.services,
        &caller(Role::Operator),
        unsaid,
        &confirmed(&said),
    )
    .await;
    assert!(answer.is_err());
    assert_eq!(world.aws.count_points(&world.scope), 3);
}

#[tokio::test]
async fn a_plan_names_every_vault_what_is_left_and_the_last_points() {
    let world = with_points(3).await;
    let mut locked = build::vault(&world.scope, "locked");
    locked.locked = true;
    world.aws.add_vault(locked);
    let resource = build::resource(&world.scope, "orders").build();
    let point = build::point(&resource, "locked-1").vault("locked").locked();
    world.aws.add_point(point.build(), BTreeMap::new(), 1);
    let lonely = build::resource(&world.scope, "carts").build();
    let last = build::point(&lonely, "last").at(world.clock.now()).size(7);
    world.aws.add_point(last.build(), BTreeMap::new(), 1);
    world.sync().await;

    let plan = planned(&world, delete_all()).await;
    assert_eq!((plan.points, plan.bytes), (4, 37));
    assert_eq!(plan.targets.len(), 1);
    assert_eq!(plan.targets[0].vault, "Default");
    assert_eq!(plan.confirmation, "Default");
    assert_eq!(plan.left.len(), 1);
    assert_eq!((plan.left[0].keep, plan.left[0].points), (Keep::Locked, 1));
    let last: Vec<&str> = plan.last_points.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(last, ["carts"]);
    assert_eq!(plan.reach.len(), 1, "{:?}", plan.reach);
    assert_eq!(plan.reach[0].after, 1, "the locked one remains");
}

#[tokio::test]
async fn a_deletion_deletes_what_was_planned_and_leaves_the_rest_with_its_reason() {
    let world = with_points(150).await;
    world.aws.add_vault(build::vault(&world.scope, "archive"));
    add_points(&world, 5, "archive").await;
    world.aws.add_hold(hold(&world, &["archive"]));
    world.sync().await;
    let id = begin(&world, delete_all()).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(view.summary["done"], 150, "{}", view.summary);
    assert_eq!(view.summary["left"], 5);
    assert_eq!(view.summary["bytes"], 1500);
    assert_eq!(world.aws.count_points(&world.scope), 5);
    assert_eq!(world.cloud.count("delete_point"), 150);
    let left = items(&world, id, ItemState::Left).await;
    assert_eq!(left.len(), 5);
    assert!(left[0].message.as_deref().unwrap().contains("legal hold"));
    assert_eq!(world.services.sync.take(), vec![world.scope.clone()]);
}

#[tokio::test]
async fn a_hold_that_came_after_the_plan_leaves_the_points_with_what_aws_says() {
    let world = with_points(3).await;
    let id = begin(&world, delete_all()).await;
    world.aws.add_hold(hold(&world, &[]));
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(world.aws.count_points(&world.scope), 3);
    let left = items(&world, id, ItemState::Left).await;
    assert!(left[0].message.as_deref().unwrap().contains("legal hold"));
    assert!(left[0].request_id.is_some());
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_not_found_then_counts_as_done() {
    let world = with_points(3).await;
    world
        .cloud
        .fail_nth("delete_point", 2, CloudErrorKind::Timeout, When::After);
    let id = begin(&world, delete_all()).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(view.summary["done"], 3, "{}", view.summary);
    assert_eq!(world.cloud.count("delete_point"), 4);
}

#[tokio::test]
async fn a_plan_says_what_is_charged_for_deleting_from_cold_storage_too_soon() {
    let world = World::new().await;
    let resource = build::resource(&world.scope, "orders").build();
    let now = world.clock.now();
    for (id, days, gib) in [("young", 30, 100), ("old", 100, 100)] {
        let point = build::point(&resource, id)
            .vault("Default")
            .at(now - SignedDuration::from_hours(24 * 200))
            .cold(now - SignedDuration::from_hours(24 * days))
            .size(gib << 30)
            .build();
        world.aws.add_point(point, BTreeMap::new(), 1);
    }
    world.sync().await;
    let deletion = planned(&world, delete_all()).await;
    // 60 of 90 days are left of one point; a price of DynamoDB's cold storage is in the list.
    assert_eq!((deletion.early.points, deletion.early.unknown), (1, 0));
    assert!(deletion.early.amount > 1.0, "{:?}", deletion.early);
    assert_eq!(deletion.early.currency, "USD");
    let kept = planned(&world, keep_for(None)).await;
    assert_eq!(kept.early.charged(), 0, "nothing is deleted");
}

#[tokio::test]
async fn a_point_that_was_gone_before_is_not_counted_as_deleted() {
    let world = with_points(3).await;
    let id = begin(&world, delete_all()).await;
    world
        .cloud
        .fail_nth("delete_point", 1, CloudErrorKind::NotFound, When::Before);
    let view = world.finish(id).await;
    assert_eq!(view.summary["done"], 2, "{}", view.summary);
    let left = items(&world, id, ItemState::Left).await;
    assert!(left[0].message.as_deref().unwrap().contains("gone already"));
}

#[tokio::test]
async fn throttling_slows_the_run_down_and_nothing_is_lost() {
    let world = with_points(70).await;
    for nth in [1, 5, 9, 61, 70] {
        world
            .cloud
            .fail_nth("delete_point", nth, CloudErrorKind::Throttled, When::Before);
    }
    let view = run(&world, delete_all()).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(view.summary["done"], 70);
    assert_eq!(world.aws.count_points(&world.scope), 0);
    assert_eq!(world.cloud.count("delete_point"), 75);
}

#[tokio::test]
async fn what_is_denied_fails_and_is_all_that_a_second_run_tries() {
    let world = with_points(4).await;
    for nth in [1, 2] {
        world
            .cloud
            .fail_nth("delete_point", nth, CloudErrorKind::Denied, When::Before);
    }
    let id = begin(&world, delete_all()).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::PartlyFailed, "{view:?}");
    assert_eq!(
        (&view.summary["done"], &view.summary["failed"]),
        (&2.into(), &2.into())
    );
    let again = runs::retry(&world.services, &caller(Role::Operator), id)
        .await
        .unwrap();
    let view = world.finish(again).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(view.summary["done"], 4);
    assert_eq!(world.cloud.count("delete_point"), 6);
    assert_eq!(world.aws.count_points(&world.scope), 0);
}

#[tokio::test]
async fn while_aws_takes_nothing_the_run_waits_says_so_and_goes_on_by_itself() {
    for kind in [
        CloudErrorKind::Throttled,
        CloudErrorKind::Unavailable,
        CloudErrorKind::Timeout,
        CloudErrorKind::Unexpected,
    ] {
        let world = with_points(2).await;
        world.cloud.fail_always("delete_point", kind, When::Before);
        let id = begin(&world, delete_all()).await;
        let begun = world.clock.now();
        while world.clock.now() < begun + SignedDuration::from_mins(20) {
            let due = world.services.runs.run_until_idle().await.unwrap();
            world.clock.set(due.unwrap());
        }
        let run = world.services.runs.run(id).await.unwrap();
        let said = &run.head.progress.message;
        assert!(said.starts_with("Cannot go on since"), "{kind:?}: {said}");
        assert!(run.head.alarm.is_some(), "{kind:?}");
        assert_eq!(world.aws.count_points(&world.scope), 2, "{kind:?}");
        world.cloud.heal();
        let view = world.finish(id).await;
        assert_eq!(view.state, RunState::Succeeded, "{kind:?}");
        assert_eq!(world.aws.count_points(&world.scope), 0, "{kind:?}");
    }
}

#[tokio::test]
async fn cancelling_leaves_the_rest_as_it_is() {
    let world = with_points(10).await;
    world
        .cloud
        .fail_nth("delete_point", 3, CloudErrorKind::Throttled, When::Before);
    let operator = caller(Role::Operator);
    let id = begin(&world, delete_all()).await;
    world.services.runs.run_until_idle().await.unwrap();
    assert_eq!(world.aws.count_points(&world.scope), 1);
    runs::cancel(&world.services, &operator, id, "enough")
        .await
        .unwrap();
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Cancelled, "{view:?}");
    assert_eq!(world.aws.count_points(&world.scope), 1);
    assert_eq!(items(&world, id, ItemState::Pending).await.len(), 1);
    assert_eq!(world.services.sync.take(), vec![world.scope.clone()]);
}

#[tokio::test]
async fn credentials_of_the_run_reach_no_further_than_its_points() {
    let world = with_points(2).await;
    let view = run(&world, delete_all()).await;
    assert_eq!(view.state, RunState::Succeeded);
    let calls = world.cloud.calls();
    let policies: BTreeSet<&str> = calls
        .iter()
        .filter(|call| call.operation == "delete_point")
        .filter_map(|call| call.target.session.policy.as_deref())
        .collect();
    let [policy] = policies.into_iter().collect::<Vec<_>>()[..] else {
        panic!("one policy for one account and Region");
    };
    assert!(policy.contains("backup:DeleteRecoveryPoint"));
    assert!(policy.contains("Default-00000"), "{policy}");
    assert!(!policy.contains("UpdateRecoveryPointLifecycle"));
}

#[tokio::test]
async fn a_plan_that_is_no_longer_true_is_refused() {
    let world = with_points(2).await;
    let plan = planned(&world, delete_all()).await;
    add_points(&world, 3, "Default").await;
    let operator = caller(Role::Operator);
    let error = start(&world.services, &operator, delete_all(), &confirmed(&plan))
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
}

#[tokio::test]
async fn the_name_must_be_typed_and_a_reason_given() {
    let world = with_points(2).await;
    let plan = planned(&world, delete_all()).await;
    let operator = caller(Role::Operator);
    let right = confirmed(&plan);
    for (wrong, field) in [
        (
            Confirmed {
                confirmation: "default".to_owned(),
                ..right.clone()
            },
            "confirmation",
        ),
        (
            Confirmed {
                reason: " ".to_owned(),
                ..right.clone()
            },
            "reason",
        ),
    ] {
        let answer = start(&world.services, &operator, delete_all(), &wrong).await;
        let Err(ServiceError::Invalid(invalid)) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(invalid.field, field);
    }
    assert_eq!(world.aws.count_points(&world.scope), 2);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_begins_one_run() {
    let world = with_points(2).await;
    let (first, second) = (
        begin(&world, delete_all()).await,
        begin(&world, delete_all()).await,
    );
    assert_eq!(first, second);
    assert_eq!(world.items.lists().len(), 1);
}

#[tokio::test]
async fn picked_points_are_changed_and_no_others() {
    let world = with_points(5).await;
    let filter = PointFilter::default();
    let page = points::list(&world.services, &caller(Role::Viewer), filter)
        .await
        .unwrap();
    let picks = page.items[1..3]
        .iter()
        .map(|point| PointPick {
            account: point.account.clone(),
            arn: point.arn.clone(),
        })
        .collect();
    let request = ChangeRequest {
        action: PointAction::Delete,
        selection: PointSelection::Picked(picks),
        all: false,
    };
    let view = run(&world, request).await;
    assert_eq!(view.summary["done"], 2);
    assert_eq!(world.aws.count_points(&world.scope), 3);
    assert!(world.aws.point(&world.scope, &page.items[0].arn).is_some());
    assert!(world.aws.point(&world.scope, &page.items[1].arn).is_none());
}

#[tokio::test]
async fn lifecycles_change_by_their_own_run() {
    let world = with_points(4).await;
    let plan = planned(&world, keep_for(Some(400))).await;
    assert_eq!((plan.points, plan.due_at_once), (4, 0));
    let view = run(&world, keep_for(Some(400))).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    world.sync().await;
    let again = planned(&world, keep_for(Some(400))).await;
    assert_eq!(again.points, 0);
    assert_eq!(again.left[0].keep, Keep::Unchanged);
    assert_eq!(world.cloud.count("update_lifecycle"), 4);
}

#[tokio::test]
async fn a_lifecycle_that_would_delete_at_once_says_so_and_names_the_last_points() {
    let world = with_points(0).await;
    let resource = build::resource(&world.scope, "carts").build();
    let old = world.clock.now() - SignedDuration::from_hours(24 * 50);
    let point = build::point(&resource, "old").at(old).build();
    world.aws.add_point(point, BTreeMap::new(), 1);
    world.sync().await;
    let plan = planned(&world, keep_for(Some(30))).await;
    assert_eq!((plan.points, plan.due_at_once), (1, 1));
    assert_eq!(plan.last_points_total, 1);
    let error = plan_error(&world, keep_for(Some(0))).await;
    assert!(matches!(error, ServiceError::Invalid(_)), "{error}");
}

async fn plan_error(world: &World, request: ChangeRequest) -> ServiceError {
    plan(&world.services, &caller(Role::Operator), request)
        .await
        .unwrap_err()
}
