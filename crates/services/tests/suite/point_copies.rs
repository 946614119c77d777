use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use serde_json::json;
use tidemark_domain::{
    PointFilter, RecoveryPoint, ResourceType, Role, Scope,
    change::{ItemFilter, ItemState, NewLifecycle, PointSelection, RunItem},
    copies::{CopyLevel, CopyPlan, CopyProblem, CopyRequest},
    runs::{RunId, RunState},
};
use tidemark_services::{
    Caller, ServiceError,
    points::{
        self,
        copy::{CopyConfirmed, plan, start},
    },
    ports::CloudErrorKind,
    runs,
};
use tidemark_testkit::{
    When, build,
    fake_cloud::{JobEnd, JobScript},
};

use crate::world::{World, caller};

const OTHER: &str = "444455556666";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/points";

/// So many points of `orders`, one per hour, in vault `Default`, and a vault `copies` beside it.
pub(crate) async fn with_points(number: i64) -> World {
    let world = crate::point_changes::with_points(number).await;
    world.aws.add_vault(build::vault(&world.scope, "copies"));
    world.sync().await;
    world
}

/// Everything that lies in `Default` into `copies`.
pub(crate) fn copy_all(world: &World) -> CopyRequest {
    into(&world.scope, "copies")
}

fn into(scope: &Scope, vault: &str) -> CopyRequest {
    CopyRequest {
        selection: PointSelection::Matching(Box::new(PointFilter {
            vault: Some("Default".to_owned()),
            ..PointFilter::default()
        })),
        all: false,
        destination: build::vault(scope, vault).arn,
        lifecycle: None,
        service_role: None,
        anyway: false,
    }
}

async fn planned(world: &World, request: CopyRequest) -> CopyPlan {
    plan(&world.services, &caller(Role::Operator), request)
        .await
        .unwrap()
}

fn confirmed(plan: &CopyPlan) -> CopyConfirmed {
    CopyConfirmed {
        digest: plan.digest.clone(),
        reason: "a second place".to_owned(),
        token: "form-1".to_owned(),
    }
}

pub(crate) async fn begin(world: &World, request: CopyRequest) -> RunId {
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

/// One of the use cases here, by its audit word.
pub(crate) async fn call(world: &World, who: &Caller, use_case: &str) -> Result<(), ServiceError> {
    let s = &world.services;
    let request = into(&world.scope, "Default");
    if use_case == "point.copy.plan" {
        return plan(s, who, request).await.map(drop);
    }
    let confirmed = CopyConfirmed {
        digest: "unknown".to_owned(),
        reason: "a test".to_owned(),
        token: String::new(),
    };
    match start(s, who, request, &confirmed).await {
        // Whoever may start it is told that nothing of this digest was shown.
        Err(ServiceError::Conflict(_) | ServiceError::Invalid(_)) => Ok(()),
        answer => answer.map(drop),
    }
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

fn copies(world: &World, scope: &Scope) -> Vec<RecoveryPoint> {
    use tidemark_testkit::fake_cloud::Thing;
    let things = world.aws.things(scope).into_values();
    let points = things.filter_map(|thing| match thing {
        Thing::Point(point) if point.copied_from.is_some() => Some(point),
        _ => None,
    });
    points.collect()
}

/// How many different points the copies were made of; fails when one was copied twice.
fn sources(copies: &[RecoveryPoint]) -> usize {
    let all: Vec<_> = copies
        .iter()
        .filter_map(|copy| copy.copied_from.clone())
        .collect();
    let different: BTreeSet<_> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "a point was copied twice");
    all.len()
}

#[tokio::test]
async fn every_point_is_copied_once_and_its_copy_is_named() {
    let world = with_points(150).await;
    world.services.sync.take();
    let id = begin(&world, copy_all(&world)).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(view.summary["done"], 150, "{}", view.summary);
    assert_eq!(world.cloud.count("start_copy"), 150);
    assert_eq!(sources(&copies(&world, &world.scope)), 150);
    let done = items(&world, id, ItemState::Done).await;
    assert!(
        done.iter()
            .all(|item| item.job.is_some() && item.made.is_some())
    );
    assert_eq!(world.services.sync.take(), vec![world.scope.clone()]);
}

#[tokio::test]
async fn a_lifecycle_is_that_of_the_source_unless_one_is_given() {
    let world = with_points(2).await;
    let mut request = copy_all(&world);
    request.lifecycle = Some(NewLifecycle {
        cold_after_days: None,
        delete_after_days: Some(90),
    });
    let id = begin(&world, request).await;
    world.finish(id).await;
    for copy in copies(&world, &world.scope) {
        assert_eq!(
            copy.delete_at,
            Some(copy.created_at + SignedDuration::from_hours(24 * 90))
        );
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_names_the_same_job() {
    let world = with_points(5).await;
    for nth in [1, 3] {
        world
            .cloud
            .fail_nth("start_copy", nth, CloudErrorKind::Timeout, When::After);
    }
    world
        .cloud
        .fail_nth("start_copy", 2, CloudErrorKind::Timeout, When::Before);
    let id = begin(&world, copy_all(&world)).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(sources(&copies(&world, &world.scope)), 5);
    assert!(world.cloud.count("start_copy") > 5);
}

#[tokio::test]
async fn an_account_that_runs_few_copies_at_once_is_waited_for() {
    let world = with_points(40).await;
    world.aws.copy_at_once(3);
    let id = begin(&world, copy_all(&world)).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(sources(&copies(&world, &world.scope)), 40);
}

#[tokio::test]
async fn no_more_jobs_are_under_way_than_an_account_may_have() {
    let world = with_points(130).await;
    world.aws.script_copies(JobScript {
        polls: 0,
        end: JobEnd::Never,
    });
    let id = begin(&world, copy_all(&world)).await;
    for _ in 0..20 {
        let due = world.services.runs.run_until_idle().await.unwrap();
        if let Some(due) = due {
            world.wake(due);
        }
    }
    assert_eq!(world.cloud.count("start_copy"), 100);
    assert_eq!(items(&world, id, ItemState::Pending).await.len(), 30);
}

#[tokio::test]
async fn a_look_that_fails_for_a_while_is_no_failure_of_a_copy() {
    let world = with_points(3).await;
    for nth in 1..=9 {
        world
            .cloud
            .fail_nth("copy_job", nth, CloudErrorKind::Unavailable, When::Before);
    }
    let id = begin(&world, copy_all(&world)).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(sources(&copies(&world, &world.scope)), 3);
}

#[tokio::test]
async fn what_failed_is_told_in_plain_words_and_a_retry_does_just_that() {
    let world = with_points(4).await;
    world.aws.script_copies(JobScript {
        polls: 0,
        end: JobEnd::With(
            "FAILED".to_owned(),
            "The retention of the copy is below the minimum of the vault lock".to_owned(),
        ),
    });
    let id = begin(&world, copy_all(&world)).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    let failed = items(&world, id, ItemState::Failed).await;
    let message = failed[0].message.clone().unwrap();
    assert!(
        message.contains("outside what the lock of vault copies allows"),
        "{message}"
    );
    assert!(message.contains("AWS says: The retention"), "{message}");

    world.aws.script_copies(JobScript::default());
    let again = runs::retry(&world.services, &caller(Role::Operator), id).await;
    let view = world.finish(again.unwrap()).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(sources(&copies(&world, &world.scope)), 4);
    assert_eq!(world.cloud.count("start_copy"), 8);
}

/// Two EBS points under a key, and a vault `safe` in another account whose policy lets this one in.
async fn two_accounts() -> (World, Scope) {
    let world = World::new().await;
    let other = world.add_account(OTHER).await;
    let volume = build::resource(&world.scope, "vol-1")
        .of(
            ResourceType::Ebs,
            "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1",
        )
        .build();
    for n in 0..2 {
        let mut point = build::point(&volume, "x").at(world.clock.now()).build();
        point.arn = build::arn(&format!("arn:aws:ec2:eu-west-1::snapshot/snap-{n}"));
        world.aws.encrypt_point(&point.arn, KEY);
        world.aws.add_point(point, BTreeMap::new(), 1);
    }
    let sharing = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{OTHER}:root")}, "Action": "kms:*", "Resource": "*"},
    ]});
    world.aws.add_key(KEY, Some(&sharing.to_string()));
    let key = format!("arn:aws:kms:eu-west-1:{OTHER}:key/vault");
    world.aws.add_key(&key, Some("{\"Statement\": []}"));
    let mut safe = build::vault(&other, "safe");
    safe.encryption_key = Some(build::arn(&key));
    safe.access_policy = Some(
        json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-fake"}},
        }]})
        .to_string(),
    );
    world.aws.add_vault(safe);
    world.sync().await;
    sync_other(&world, &other).await;
    (world, other)
}

async fn sync_other(world: &World, other: &Scope) {
    let account = build::account(OTHER);
    tidemark_services::sync::sync_scope(&world.services, &account, &other.region)
        .await
        .unwrap();
}

fn stops(plan: &CopyPlan) -> Vec<&CopyProblem> {
    let findings = plan.findings.iter();
    let stops = findings.filter(|finding| finding.level != CopyLevel::Note);
    stops.map(|finding| &finding.problem).collect()
}

#[tokio::test]
async fn a_prepared_copy_into_another_account_has_no_findings_and_arrives() {
    let (world, other) = two_accounts().await;
    let plan = planned(&world, into(&other, "safe")).await;
    assert_eq!((plan.points, plan.left), (2, 0), "{:?}", plan.findings);
    assert!(plan.findings.is_empty(), "{:?}", plan.findings);
    let id = begin(&world, into(&other, "safe")).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(sources(&copies(&world, &other)), 2);
}

#[tokio::test]
async fn each_usual_failure_is_found_before_and_names_the_points() {
    let (world, other) = two_accounts().await;
    world.aws.add_key(KEY, None);
    let plan = planned(&world, into(&other, "safe")).await;
    assert_eq!((plan.points, plan.left, plan.refused), (0, 2, 2));
    assert!(matches!(
        stops(&plan).as_slice(),
        [CopyProblem::ManagedKey { .. }]
    ));
    assert_eq!(plan.findings[0].points, 2);

    world.aws.add_key(KEY, Some("{\"Statement\": []}"));
    let plan = planned(&world, into(&other, "safe")).await;
    assert!(matches!(
        stops(&plan).as_slice(),
        [CopyProblem::UnsharedKey { .. }]
    ));

    let mut closed = build::vault(&other, "closed");
    closed.encryption_key = Some(build::arn(KEY));
    world.aws.add_vault(closed);
    sync_other(&world, &other).await;
    world.aws.leave_organization(&other.account);
    let plan = planned(&world, into(&other, "closed")).await;
    let found = stops(&plan);
    assert!(
        found
            .iter()
            .any(|p| matches!(p, CopyProblem::VaultPolicy { .. })),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|p| matches!(p, CopyProblem::OtherOrganization { .. })),
        "{found:?}"
    );
    world.aws.set_cross_account_backup(false);
    let plan = planned(&world, into(&other, "closed")).await;
    assert!(stops(&plan).contains(&&CopyProblem::CrossAccountOff));
}

#[tokio::test]
async fn what_is_tried_all_the_same_fails_with_the_words_of_the_plan() {
    let (world, other) = two_accounts().await;
    world.aws.leave_organization(&other.account);
    let before = planned(&world, into(&other, "safe")).await;
    let finding = &before.findings[0];
    let refused = start(
        &world.services,
        &caller(Role::Operator),
        into(&other, "safe"),
        &confirmed(&before),
    )
    .await;
    assert!(refused.unwrap_err().to_string().contains("can be copied"));

    let mut forced = into(&other, "safe");
    forced.anyway = true;
    let plan = planned(&world, forced.clone()).await;
    assert_eq!((plan.points, plan.doubtful), (2, 2));
    let id = begin(&world, forced).await;
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    let failed = items(&world, id, ItemState::Failed).await;
    let message = failed[0].message.clone().unwrap();
    for words in [&finding.text, &finding.remedy] {
        assert!(message.contains(words.as_str()), "{words} in {message}");
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_said_and_stops_nothing() {
    let (world, other) = two_accounts().await;
    world.aws.deny(
        &world.scope.account,
        &[
            "kms:DescribeKey",
            "organizations:DescribeOrganization",
            "backup:DescribeGlobalSettings",
        ],
    );
    let plan = planned(&world, into(&other, "safe")).await;
    assert_eq!((plan.points, plan.left), (2, 0), "{:?}", plan.findings);
    assert!(plan.findings.len() >= 3, "{:?}", plan.findings);
    assert!(
        plan.findings
            .iter()
            .all(|finding| finding.level == CopyLevel::Note)
    );
    let again = planned(&world, into(&other, "safe")).await;
    assert_eq!(again.digest, plan.digest);
}

#[tokio::test]
async fn a_destination_that_nobody_knows_and_a_role_of_elsewhere_are_refused() {
    let world = with_points(1).await;
    let refusal = |request: CopyRequest| {
        let world = &world;
        async move {
            let answer = plan(&world.services, &caller(Role::Operator), request).await;
            answer.unwrap_err().to_string()
        }
    };
    let unknown = refusal(into(&world.scope, "nowhere")).await;
    assert!(unknown.contains("registered here"), "{unknown}");
    let mut foreign = copy_all(&world);
    foreign.service_role = Some(format!("arn:aws:iam::{OTHER}:role/copies"));
    let foreign = refusal(foreign).await;
    assert!(foreign.contains("service role"), "{foreign}");
}

#[tokio::test]
async fn owners_may_not_copy() {
    let world = with_points(1).await;
    let answer = points::copy::plan(&world.services, &caller(Role::Owner), copy_all(&world)).await;
    assert!(
        matches!(answer, Err(ServiceError::Forbidden(_))),
        "{answer:?}"
    );
}
