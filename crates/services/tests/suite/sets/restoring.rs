use std::collections::BTreeMap;

use jiff::SignedDuration;
use tidemark_domain::{
    Check, Role, Verdict,
    runs::{RunId, RunState, StepState},
    sets::{SetRestorePlan, SetRestoreRequest},
};
use tidemark_services::{
    ServiceError,
    ports::CloudErrorKind,
    runs,
    sets::{plan_restore, propose_restore, restore, runs as runs_of},
};
use tidemark_testkit::{FakeTable, When, build};

use super::{keep, manifest, shop};
use crate::world::{World, caller};

/// The set with hooks that verify and switch over.
pub(super) fn restorable() -> String {
    format!(
        "{}restore:
  verify:
    - {{url: \"https://shop.example.com/verify\", body: '{{\"orders\": \"{{{{restored.orders}}}}\"}}'}}
  switch:
    url: https://shop.example.com/switch
    body: '{{\"orders\": \"{{{{restored.orders}}}}\", \"parts\": \"{{{{restored.parts.arn}}}}\"}}'
",
        manifest("started").replace(
            "table: parts}\n",
            &format!(
                "table: parts, service_role: \"arn:aws:iam::{}:role/backup\"}}\n",
                crate::world::ACCOUNT
            )
        )
    )
}

/// The shop, with a recovery point of `parts` and point-in-time recovery of `orders`.
pub(super) async fn with_points() -> World {
    let world = shop().await;
    let parts = build::resource(&world.scope, "parts").build();
    let point = build::point(&parts, "p-1")
        .at(world.clock.now() - SignedDuration::from_mins(30))
        .build();
    world.aws.add_point(point, BTreeMap::new(), 10);
    world.sync().await;
    keep(&world, restorable()).await;
    world
}

pub(super) async fn proposed(world: &World) -> SetRestoreRequest {
    let now = world.clock.now();
    let operator = caller(Role::Operator);
    propose_restore(&world.services, &operator, "shop", now, 0)
        .await
        .unwrap()
}

async fn planned(world: &World, request: SetRestoreRequest) -> SetRestorePlan {
    plan_restore(&world.services, &caller(Role::Operator), request)
        .await
        .unwrap()
}

async fn begin(world: &World, request: SetRestoreRequest) -> RunId {
    let plan = planned(world, request).await;
    let failed = failed(&plan);
    assert!(plan.can_start(), "{failed:?}");
    let operator = caller(Role::Operator);
    restore(&world.services, &operator, plan.request, &plan.digest)
        .await
        .unwrap()
}

fn failed(plan: &SetRestorePlan) -> Vec<Check> {
    let mut checks = plan.all_checks();
    checks.retain(|check| check.verdict == Verdict::Fail);
    checks
}

fn targets(plan: &SetRestorePlan) -> Vec<String> {
    let wishes = plan.request.members.iter();
    wishes.filter_map(|wish| wish.target.clone()).collect()
}

#[tokio::test]
async fn every_member_comes_back_as_new_under_a_name_after_its_moment() {
    let world = with_points().await;
    let plan = planned(&world, proposed(&world).await).await;
    let names = targets(&plan);
    let at = |place: usize| plan.request.members[place].at;
    let stamp = |place: usize| at(place).strftime("%Y%m%dT%H%M%SZ").to_string();
    assert_eq!(
        names,
        [
            format!("orders-{}", stamp(0)),
            format!("parts-{}", stamp(1))
        ]
    );
    assert!(at(1) <= at(0));
    let run = begin(&world, plan.request).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:#?}");
    assert_eq!(world.aws.items(&world.scope, &names[0]), Some(100));
    assert_eq!(world.aws.items(&world.scope, &names[1]), Some(10));
    assert_eq!(world.aws.items(&world.scope, "orders"), Some(100));
    let application = world.hooks.application().clone();
    assert_eq!(
        application.verified,
        [format!("{{\"orders\": \"{}\"}}", names[0])]
    );
    assert_eq!(
        (application.switched.len(), application.paused_by.len()),
        (0, 0)
    );
    let told = runs_of(&world.services, &caller(Role::Operator), "shop")
        .await
        .unwrap();
    let members: Vec<String> = told[0]
        .members
        .iter()
        .map(|one| format!("{} {}", one.member, one.status))
        .collect();
    assert_eq!(members, ["orders RESTORED", "parts RESTORED"]);
}

#[tokio::test]
async fn the_application_is_switched_over_while_it_is_paused_and_told_what_was_made() {
    let world = with_points().await;
    let request = SetRestoreRequest {
        switch: true,
        ..proposed(&world).await
    };
    let plan = planned(&world, request).await;
    let names = targets(&plan);
    let run = begin(&world, plan.request).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:#?}");
    let application = world.hooks.application().clone();
    let [(body, paused)] = &application.switched[..] else {
        panic!("{application:?}");
    };
    assert!(*paused && !application.paused && application.resumed == 1);
    assert!(body.contains(&names[0]) && body.contains(&format!("table/{}", names[1])));
    let at = |name: &str| view.step(name).unwrap().work.finished_at.unwrap();
    for member in ["orders/wait-until-active", "parts/wait-until-active"] {
        assert!(at(member) <= at("verify-1"));
    }
    assert!(at("verify-1") <= at("pause-writes") && at("switch-over") <= at("resume-writes"));
}

#[tokio::test]
async fn a_member_that_fails_leaves_the_others_prevents_the_switch_and_is_restored_by_a_retry() {
    let world = with_points().await;
    let request = SetRestoreRequest {
        switch: true,
        ..proposed(&world).await
    };
    let plan = planned(&world, request).await;
    let names = targets(&plan);
    world
        .cloud
        .fail_nth("start_restore", 1, CloudErrorKind::Denied, When::Before);
    let run = begin(&world, plan.request).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::PartlyFailed, "{view:#?}");
    assert_eq!(world.aws.items(&world.scope, &names[0]), Some(100));
    let results = &view.summary["results"];
    assert_eq!(results[0]["status"], "RESTORED");
    assert_eq!(results[1]["status"], "FAILED");
    for step in ["verify-1", "pause-writes", "switch-over", "resume-writes"] {
        assert_eq!(view.step(step).unwrap().state, StepState::Skipped, "{step}");
    }
    assert_eq!(world.hooks.application().paused_by.len(), 0);

    let restores = world.cloud.count("restore_table");
    let operator = caller(Role::Operator);
    let again = runs::retry(&world.services, &operator, run).await.unwrap();
    let view = world.finish(again).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:#?}");
    assert_eq!(world.cloud.count("restore_table"), restores);
    assert_eq!(world.aws.items(&world.scope, &names[1]), Some(10));
    let application = world.hooks.application().clone();
    assert!(application.switched[0].0.contains(&names[0]));
    assert_eq!(application.resumed, 1);
}

#[tokio::test]
async fn what_the_application_says_is_wrong_is_not_switched_over_to() {
    let world = with_points().await;
    let request = SetRestoreRequest {
        switch: true,
        ..proposed(&world).await
    };
    world.hooks.application().verdict = 422;
    let run = begin(&world, request).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::PartlyFailed, "{view:#?}");
    let application = world.hooks.application().clone();
    assert_eq!(
        (application.switched.len(), application.paused_by.len()),
        (0, 0)
    );
    assert_eq!(view.summary["failed"], 0);
    // Somebody has seen to it.
    world.hooks.application().verdict = 0;
    let again = runs::retry(&world.services, &caller(Role::Operator), run)
        .await
        .unwrap();
    let view = world.finish(again).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:#?}");
    assert_eq!(world.hooks.application().switched.len(), 1);
}

#[tokio::test]
async fn writes_are_resumed_when_the_switch_fails() {
    let world = with_points().await;
    let request = SetRestoreRequest {
        switch: true,
        ..proposed(&world).await
    };
    world.hooks.application().switching = 409;
    let run = begin(&world, request).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::PartlyFailed, "{view:#?}");
    let application = world.hooks.application().clone();
    assert_eq!((application.paused, application.resumed), (false, 1));
    assert_eq!(view.summary["failed"], 0);
}

#[tokio::test]
async fn a_member_without_data_is_refused_unless_that_is_said() {
    let world = with_points().await;
    world.aws.set_items(&world.scope, "orders", 0);
    world.clock.advance(SignedDuration::from_mins(30));
    world.sync().await;
    let request = SetRestoreRequest {
        switch: true,
        ..proposed(&world).await
    };
    // DynamoDB counts none, and a look finds none.
    world.records.add_table("orders-first");
    let run = begin(
        &world,
        SetRestoreRequest {
            members: named(&request, "first"),
            ..request.clone()
        },
    )
    .await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::PartlyFailed, "{view:#?}");
    assert_eq!(view.summary["results"][0]["status"], "EMPTY");
    assert_eq!(world.hooks.application().switched.len(), 0);

    world.records.add_table("orders-second");
    let allowed = SetRestoreRequest {
        members: named(&request, "second"),
        allow_empty: true,
        ..request
    };
    let run = begin(&world, allowed).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:#?}");
    assert_eq!(world.hooks.application().switched.len(), 1);
}

fn named(request: &SetRestoreRequest, end: &str) -> Vec<tidemark_domain::sets::MemberWish> {
    let mut members = request.members.clone();
    for member in &mut members {
        member.target = Some(format!("{}-{end}", member.member));
    }
    members
}

#[tokio::test]
async fn a_recovery_point_without_bytes_is_refused_before_anything_is_begun() {
    let world = shop().await;
    let parts = build::resource(&world.scope, "parts").build();
    let point = build::point(&parts, "p-0").size(0).build();
    world.aws.add_point(point, BTreeMap::new(), 0);
    world.sync().await;
    keep(&world, restorable()).await;
    world.clock.advance(SignedDuration::from_mins(30));
    world.sync().await;
    let request = proposed(&world).await;
    let plan = planned(&world, request.clone()).await;
    let failed = failed(&plan);
    assert_eq!(failed[0].name, "parts: It holds data", "{failed:?}");
    let operator = caller(Role::Operator);
    let refused = restore(&world.services, &operator, request.clone(), &plan.digest).await;
    assert!(
        matches!(refused, Err(ServiceError::Checks(_))),
        "{refused:?}"
    );
    let allowed = SetRestoreRequest {
        allow_empty: true,
        ..request
    };
    assert!(planned(&world, allowed).await.can_start());
}

#[tokio::test]
async fn what_changed_since_it_was_shown_is_refused() {
    let world = with_points().await;
    let plan = planned(&world, proposed(&world).await).await;
    let operator = caller(Role::Operator);
    let start = |digest: String| {
        let request = plan.request.clone();
        let (services, operator) = (&world.services, &operator);
        async move { restore(services, operator, request, &digest).await }
    };
    let other = start("another".to_owned()).await;
    assert!(matches!(other, Err(ServiceError::Conflict(_))), "{other:?}");

    // A name is taken meanwhile.
    let name = &targets(&plan)[0];
    world
        .aws
        .add_table(&world.scope, FakeTable::new(name).items(7));
    let taken = start(plan.digest.clone()).await;
    let says = format!("{taken:?}");
    assert!(
        matches!(
            taken,
            Err(ServiceError::Checks(_) | ServiceError::Conflict(_))
        ),
        "{says}"
    );
    assert_eq!(world.aws.items(&world.scope, name), Some(7));
}

#[tokio::test]
async fn a_point_that_vanished_is_refused_with_the_name_of_its_member() {
    let world = with_points().await;
    let plan = planned(&world, proposed(&world).await).await;
    let point = plan.request.members[1].point.clone().unwrap();
    world.aws.remove_point(&world.scope, &point);
    world.sync().await;
    let operator = caller(Role::Operator);
    let gone = restore(
        &world.services,
        &operator,
        plan.request.clone(),
        &plan.digest,
    )
    .await;
    assert!(matches!(gone, Err(ServiceError::Conflict(_))), "{gone:?}");
    let anew = planned(&world, plan.request).await;
    let failed = failed(&anew);
    assert_eq!(failed[0].name, "parts: It can be restored", "{failed:?}");
}

#[tokio::test]
async fn a_name_that_is_taken_after_the_start_costs_only_its_member() {
    let world = with_points().await;
    let plan = planned(&world, proposed(&world).await).await;
    let names = targets(&plan);
    let run = begin(&world, plan.request).await;
    let other = FakeTable::new(&names[0]).items(7);
    world.aws.add_table(&world.scope, other);
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::PartlyFailed, "{view:#?}");
    assert_eq!(world.aws.items(&world.scope, &names[0]), Some(7));
    assert_eq!(world.aws.items(&world.scope, &names[1]), Some(10));
    let message = view.summary["results"][0]["message"].to_string();
    assert!(message.contains("exists already"), "{message}");
}

#[tokio::test]
async fn a_run_of_which_nothing_is_restored_has_failed() {
    let world = with_points().await;
    let plan = planned(&world, proposed(&world).await).await;
    let run = begin(&world, plan.request).await;
    for operation in ["start_restore", "restore_table"] {
        world
            .cloud
            .fail_always(operation, CloudErrorKind::Denied, When::Before);
    }
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed, "{view:#?}");
    assert_eq!(world.aws.table_names(&world.scope), ["orders", "parts"]);
    let error = view.error.unwrap().message;
    assert!(error.contains("no member was restored"), "{error}");
}

#[tokio::test]
async fn moments_that_break_a_rule_members_that_are_missing_and_names_that_meet_are_refused() {
    let world = with_points().await;
    let request = proposed(&world).await;
    let operator = caller(Role::Operator);

    let mut late = request.clone();
    late.members[0].at = late.members[1].at - SignedDuration::from_mins(10);
    let checks = failed(&planned(&world, late).await);
    assert_eq!(checks[0].name, "The moments belong together", "{checks:?}");

    let mut fewer = request.clone();
    fewer.members.remove(1);
    let refused = plan_restore(&world.services, &operator, fewer).await;
    assert!(
        refused
            .as_ref()
            .is_err_and(|error| error.to_string().contains("must name parts too")),
        "{refused:?}"
    );

    let mut same = request.clone();
    for member in &mut same.members {
        member.target = Some("the-same".to_owned());
    }
    let checks = failed(&planned(&world, same).await);
    assert!(
        checks.iter().any(|check| check.name == "The names differ"),
        "{checks:?}"
    );

    let mut left = request;
    left.switch = true;
    left.members[1].leave_out = true;
    let checks = failed(&planned(&world, left.clone()).await);
    assert_eq!(
        checks[0].name, "The application can be switched over",
        "{checks:?}"
    );
    left.switch = false;
    let run = begin(&world, left).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:#?}");
    assert_eq!(view.summary["results"][1]["status"], "LEFT");
}

#[tokio::test]
async fn an_owner_restores_a_set_only_when_all_of_it_is_theirs() {
    let world = with_points().await;
    let olga = caller(Role::Owner);
    let request = proposed(&world).await;
    let refused = plan_restore(&world.services, &olga, request.clone()).await;
    let Err(ServiceError::Forbidden(why)) = refused else {
        panic!("{refused:?}");
    };
    assert!(why.contains("all of its members are theirs"), "{why}");

    let mut stranger = olga.clone();
    stranger.name = "otto".to_owned();
    let unknown = plan_restore(&world.services, &stranger, request.clone()).await;
    assert!(
        matches!(unknown, Err(ServiceError::NotFound(_))),
        "{unknown:?}"
    );

    let table = FakeTable::new("parts").items(10).tag("owner", "olga");
    world.aws.add_table(&world.scope, table);
    world.sync().await;
    let plan = plan_restore(&world.services, &olga, request).await.unwrap();
    let run = restore(&world.services, &olga, plan.request, &plan.digest)
        .await
        .unwrap();
    assert_eq!(world.finish(run).await.state, RunState::Succeeded);
}

#[tokio::test]
async fn a_role_that_aws_denies_is_named_before_the_start() {
    let world = with_points().await;
    let request = proposed(&world).await;
    world
        .cloud
        .fail_always("table_settings", CloudErrorKind::Denied, When::Before);
    let plan = planned(&world, request).await;
    let failed = failed(&plan);
    assert!(!plan.can_start());
    assert!(
        failed
            .iter()
            .any(|check| check.name == "orders: It can be planned"),
        "{failed:?}"
    );
}
