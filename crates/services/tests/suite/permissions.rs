//! The check before a run: whatever the run's session policy names is asked of the role, and what the
//! role lacks is named.

use std::collections::BTreeSet;

use tidemark_domain::{
    BackupRequest, Check, PutBack, RestoreRequest, RestoreSource, Role, ScalingTarget, Verdict,
    plan::Finding,
    records::{CaptureMode, SetupRequest},
};
use tidemark_services::{
    ServiceError, backup,
    calls::{Call, Feature},
    plans::{self, SAVE_PLAN_KIND},
    records::{self, setup},
    restore,
};
use tidemark_testkit::{FakeTable, build};

use crate::{
    plans::{draft, gold, with_gold},
    point_changes,
    records_undo::scene::Scene,
    restore_destination, restore_kinds,
    world::{World, caller, hour_ago},
};

/// What was said of a run before its start.
pub(crate) type Said = Vec<String>;

fn of_checks(checks: &[Check]) -> Said {
    checks
        .iter()
        .filter(|check| check.verdict != Verdict::Pass)
        .map(|check| check.detail.clone())
        .collect()
}

pub(crate) fn of_findings(findings: &[Finding]) -> Said {
    findings
        .iter()
        .map(|finding| finding.rule.clone())
        .collect()
}

fn of_error(error: &ServiceError) -> Said {
    match error {
        ServiceError::Checks(checks) => of_checks(checks),
        // What the plan itself reads.
        other => vec![other.to_string()],
    }
}

/// Takes every action of the table from the role, one after the other; answers those that are named
/// then. Nothing else may be named beside.
async fn named(world: &World, ask: impl AsyncFn() -> Said) -> BTreeSet<&'static str> {
    let all: BTreeSet<&str> = Call::ALL
        .iter()
        .filter(|call| call.is_of_access_role())
        .flat_map(|call| call.needs())
        .map(|need| need.action)
        .collect();
    let account = &world.scope.account;
    let before = ask().await;
    let mut named = BTreeSet::new();
    for action in all {
        world.aws.allow_all(account);
        world.aws.deny(account, &[action]);
        let mut said = ask().await;
        said.retain(|text| !before.contains(text));
        let denied = said.iter().any(|text| {
            text.contains(&format!("{action} is not allowed for "))
                || text.starts_with(&format!("{action}: "))
        });
        if denied {
            named.insert(action);
        }
        for other in &said {
            let part = other.split(" not allowed for ").next().unwrap();
            assert!(!part.contains(", "), "{action} alone is denied: {other}");
        }
    }
    world.aws.allow_all(account);
    named
}

/// Takes each of these actions from the role alone, and sees it named; then all others at once, and sees
/// the run begin. For what answers with the run of before once it has begun.
async fn all_named_and_no_other_needed(
    world: &World,
    policy: &BTreeSet<String>,
    begin: impl AsyncFn() -> Said,
) {
    let account = &world.scope.account;
    assert!(!policy.is_empty());
    for action in policy {
        world.aws.allow_all(account);
        world.aws.deny(account, &[action]);
        let said = begin().await;
        let wanted = format!("{action} is not allowed for ");
        assert!(
            said.iter().any(|text| text.contains(&wanted)),
            "{action}: {said:?}"
        );
        assert_eq!(said.len(), 1, "{said:?}");
    }
    world.aws.allow_all(account);
    let others: Vec<&str> = Call::ALL
        .iter()
        .filter(|call| call.row().features != [Feature::Checks])
        .flat_map(|call| call.needs())
        .map(|need| need.action)
        .filter(|action| !policy.contains(*action))
        .collect();
    world.aws.deny(account, &others);
    assert_eq!(begin().await, Said::new());
    world.aws.allow_all(account);
}

/// The actions that a session policy names.
fn actions(policy: &str) -> BTreeSet<String> {
    let policy: serde_json::Value = serde_json::from_str(policy).unwrap();
    policy["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|statement| match &statement["Action"] {
            serde_json::Value::Array(many) => many.clone(),
            one => vec![one.clone()],
        })
        .map(|action| action.as_str().unwrap().to_owned())
        .collect()
}

/// The actions that the session policies of a run named, as its calls were made.
fn actions_of_run(world: &World) -> BTreeSet<String> {
    world
        .cloud
        .calls()
        .iter()
        .filter(|call| {
            call.target
                .session
                .session_name
                .as_str()
                .starts_with("tidemark-run-")
        })
        .filter_map(|call| call.target.session.policy.as_deref())
        .flat_map(actions)
        .collect()
}

/// Every action of the policy was named, and what else is named is what planning itself reads.
fn all_named(named: &BTreeSet<&str>, policy: &BTreeSet<String>, reads: &[&str]) {
    assert!(!policy.is_empty());
    let missing: Vec<_> = policy
        .iter()
        .filter(|a| !named.contains(a.as_str()))
        .collect();
    assert!(missing.is_empty(), "not named before the run: {missing:?}");
    let more: Vec<_> = named
        .iter()
        .filter(|action| !policy.contains(**action) && !reads.contains(action))
        .collect();
    assert!(more.is_empty(), "named without need: {more:?}");
}

pub(crate) fn scaled(name: &str, world: &World) -> FakeTable {
    FakeTable::new(name)
        .items(1)
        .pitr(world.clock.now() - jiff::SignedDuration::from_hours(2), 35)
        .tag("owner", "olga")
        .stream("NEW_IMAGE")
        .time_to_live("expires")
        .scaling(ScalingTarget {
            resource_id: format!("table/{name}"),
            dimension: "dynamodb:table:ReadCapacityUnits".to_owned(),
            min: 5,
            max: 50,
            policy: Some(("reads".to_owned(), r#"{"TargetValue":70.0}"#.to_owned())),
        })
}

#[tokio::test]
async fn a_restore_of_a_table_names_what_the_role_lacks_put_backs_included() {
    let world = World::new().await;
    world.aws.add_table(&world.scope, scaled("scaled", &world));
    world.sync().await;
    let request = RestoreRequest {
        resource: build::table_arn(&world.scope, "scaled"),
        put_back: PutBack::ALL.into_iter().collect(),
        ..hour_ago(&world)
    };
    let operator = caller(Role::Operator);
    let plan = restore::plan(&world.services, &operator, request.clone())
        .await
        .unwrap();
    assert!(plan.can_start(), "{:?}", plan.checks);
    let policy = actions(&plan.session_policy);
    for wanted in [
        "iam:CreateServiceLinkedRole",
        "kms:CreateGrant",
        "cloudwatch:PutMetricAlarm",
    ] {
        assert!(policy.contains(wanted), "{policy:?}");
    }
    let named = named(&world, async || {
        match restore::plan(&world.services, &operator, request.clone()).await {
            Ok(plan) => of_checks(&plan.checks),
            Err(error) => of_error(&error),
        }
    })
    .await;
    all_named(&named, &policy, &READS_OF_TABLES);
}

/// What planning a restore reads of a table, without which there is no plan.
const READS_OF_TABLES: [&str; 6] = [
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:ListTagsOfResource",
];

#[tokio::test]
async fn what_a_put_back_lacks_is_a_warning_and_what_the_restore_lacks_forbids_it() {
    let world = World::new().await;
    let request = RestoreRequest {
        put_back: PutBack::ALL.into_iter().collect(),
        ..hour_ago(&world)
    };
    let operator = caller(Role::Operator);
    for (action, may) in [
        ("dynamodb:UpdateContinuousBackups", true),
        ("kms:CreateGrant", true),
        ("dynamodb:UpdateItem", false),
        ("dynamodb:DeleteTable", false),
    ] {
        world.aws.allow_all(&world.scope.account);
        world.aws.deny(&world.scope.account, &[action]);
        let plan = restore::plan(&world.services, &operator, request.clone())
            .await
            .unwrap();
        assert_eq!(plan.can_start(), may, "{action}: {:?}", plan.checks);
        let said = plan
            .checks
            .iter()
            .find(|check| check.detail.contains(action))
            .unwrap();
        assert!(said.fix.contains(action), "{said:?}");
    }
}

#[tokio::test]
async fn a_restore_of_every_type_names_what_the_role_lacks() {
    for kind in restore_kinds::kinds() {
        let world = World::new().await;
        let point = restore_destination::backed_up(&world, &kind).await;
        let prefilled = restore::prefill(
            &world.services,
            &caller(Role::Operator),
            &point.resource_arn,
            &RestoreSource::RecoveryPoint {
                arn: point.arn.clone(),
                vault: "Default".to_owned(),
            },
        )
        .await
        .unwrap();
        let request = restore_destination::request(&point, prefilled.metadata);
        let plan = restore_destination::plan(&world, Role::Operator, &request).await;
        let policy = actions(&plan.session_policy);
        assert!(policy.contains("iam:PassRole"), "{policy:?}");
        let named = named(&world, async || {
            let operator = caller(Role::Operator);
            match restore::plan(&world.services, &operator, request.clone()).await {
                Ok(plan) => of_checks(&plan.checks),
                Err(error) => of_error(&error),
            }
        })
        .await;
        all_named(
            &named,
            &policy,
            &[
                "s3:GetBucketLocation",
                "backup:GetRecoveryPointRestoreMetadata",
            ],
        );
    }
}

#[tokio::test]
async fn a_restore_of_a_tables_recovery_point_names_what_fills_the_table() {
    let world = point_changes::with_points(1).await;
    let operator = caller(Role::Operator);
    let points = tidemark_services::points::list(
        &world.services,
        &operator,
        tidemark_domain::PointFilter::default(),
    )
    .await
    .unwrap();
    let request = RestoreRequest {
        source: RestoreSource::RecoveryPoint {
            arn: points.items[0].arn.clone(),
            vault: "Default".to_owned(),
        },
        ..hour_ago(&world)
    };
    let plan = restore::plan(&world.services, &operator, request.clone())
        .await
        .unwrap();
    let policy = actions(&plan.session_policy);
    for wanted in [
        "dynamodb:RestoreTableFromAwsBackup",
        "dynamodb:UpdateItem",
        "iam:PassRole",
    ] {
        assert!(policy.contains(wanted), "{policy:?}");
    }
    let named = named(&world, async || {
        match restore::plan(&world.services, &operator, request.clone()).await {
            Ok(plan) => of_checks(&plan.checks),
            Err(error) => of_error(&error),
        }
    })
    .await;
    all_named(
        &named,
        &policy,
        &[
            &READS_OF_TABLES[..],
            &["backup:GetRecoveryPointRestoreMetadata"],
        ]
        .concat(),
    );
}

#[tokio::test]
async fn a_backup_names_what_the_role_lacks_and_is_not_begun() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let request = BackupRequest {
        resource: world.orders(),
        vault: "Default".to_owned(),
        delete_after_days: Some(30),
        cold_after_days: None,
        service_role: None,
        reason: "before the release".to_owned(),
    };
    let named = named(&world, async || {
        match backup::start(&world.services, &operator, request.clone()).await {
            // Another while it has not ended would be the same.
            Ok(run) => {
                world.finish(run).await;
                Vec::new()
            }
            Err(error) => of_error(&error),
        }
    })
    .await;
    let run = backup::start(&world.services, &operator, request.clone())
        .await
        .unwrap();
    world.finish(run).await;
    all_named(&named, &actions_of_run(&world), &[]);
}

#[tokio::test]
async fn a_rule_run_by_hand_names_what_the_role_lacks() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let shown = plans::rule_run(&world.services, &operator, &key, "daily")
        .await
        .unwrap();
    let named = named(&world, async || {
        match plans::rule_run(&world.services, &operator, &key, "daily").await {
            Ok(shown) => of_findings(&shown.findings),
            Err(error) => of_error(&error),
        }
    })
    .await;
    // The rule's word stands before the action.
    all_named(&named, &actions(&shown.session_policy), &[]);
}

#[tokio::test]
async fn saving_a_plan_names_what_the_role_lacks_for_its_second_policy_too() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let new = draft(&world, gold(35));
    let named = named(&world, async || {
        match plans::change(&world.services, &operator, new.clone()).await {
            Ok(shown) => of_findings(&shown.findings),
            Err(error) => of_error(&error),
        }
    })
    .await;
    let shown = plans::change(&world.services, &operator, new.clone())
        .await
        .unwrap();
    assert!(shown.can_apply(), "{:?}", shown.findings);
    let run = plans::apply(&world.services, &operator, new, &shown.digest)
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.kind, SAVE_PLAN_KIND);
    let policy = actions_of_run(&world);
    assert!(policy.contains("iam:PassRole"), "{policy:?}");
    all_named(&named, &policy, &[]);
}

#[tokio::test]
async fn deleting_a_plan_names_what_the_role_lacks_and_is_not_begun() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let shown = plans::deletion(&world.services, &operator, &key)
        .await
        .unwrap();
    let policy = actions(&shown.session_policy);
    all_named_and_no_other_needed(&world, &policy, async || {
        let begun = plans::delete(&world.services, &operator, &key, &shown.digest, "");
        match begun.await {
            Ok(_) => Vec::new(),
            Err(error) => of_error(&error),
        }
    })
    .await;
}

#[tokio::test]
async fn changing_points_names_what_the_role_lacks_and_is_not_begun() {
    let world = point_changes::with_points(3).await;
    let plan = point_changes::planned(&world, point_changes::delete_all()).await;
    let confirmed = point_changes::confirmed(&plan);
    let operator = caller(Role::Operator);
    let policy = needed_by(&[Call::DeleteRecoveryPoint]);
    all_named_and_no_other_needed(&world, &policy, async || {
        let begun = tidemark_services::points::change::start(
            &world.services,
            &operator,
            point_changes::delete_all(),
            &confirmed,
        );
        match begun.await {
            Ok(_) => Vec::new(),
            Err(error) => of_error(&error),
        }
    })
    .await;
}

#[tokio::test]
async fn a_set_up_of_records_names_what_the_role_lacks() {
    let world = World::new().await;
    world.records.add_table("orders");
    let request = SetupRequest {
        mode: CaptureMode::Function,
        reason: "a test".to_owned(),
        ..SetupRequest::of_table(world.orders(), "tidemark-records-test")
    };
    let operator = caller(Role::Operator);
    let shown = setup::preview(&world.services, &operator, request.clone())
        .await
        .unwrap();
    assert!(shown.can_start(), "{:?}", shown.checks);
    let named = named(&world, async || {
        match setup::preview(&world.services, &operator, request.clone()).await {
            Ok(shown) => of_checks(&shown.checks),
            Err(error) => of_error(&error),
        }
    })
    .await;
    all_named(&named, &actions(&shown.session_policy), &[]);
}

fn needed_by(calls: &[Call]) -> BTreeSet<String> {
    calls
        .iter()
        .flat_map(|call| call.actions())
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn an_undo_and_a_proof_name_what_the_role_lacks_and_are_not_begun() {
    let scene = Scene::new().await;
    let (world, operator) = (&scene.world, caller(Role::Operator));
    let plan = scene.plan(scene.undo_of(0..3)).await;
    let calls = [
        Call::ListObjectsV2,
        Call::ListObjectVersions,
        Call::GetObject,
        Call::PutObject,
        Call::DescribeTable,
        Call::GetItem,
        Call::PutItem,
        Call::DeleteItem,
    ];
    all_named_and_no_other_needed(world, &needed_by(&calls), async || {
        let confirmed = crate::records_undo::scene::confirmed(&plan);
        let begun = records::undo::start(
            &world.services,
            &operator,
            &scene.capture,
            &plan.id,
            &confirmed,
        );
        match begun.await {
            Ok(_) => Vec::new(),
            Err(error) => of_error(&error),
        }
    })
    .await;

    let calls = [
        Call::ListObjectsV2,
        Call::ListObjectVersions,
        Call::GetBucketVersioning,
        Call::GetObject,
        Call::GetObjectVersion,
        Call::PutObject,
        Call::DeleteObject,
        Call::DescribeTable,
        Call::DescribeTimeToLive,
        Call::DescribeContinuousBackups,
        Call::DynamoDbListTags,
        Call::DescribeScalableTargets,
        Call::DescribeScalingPolicies,
        Call::Scan,
        Call::GetItem,
        Call::DescribeStream,
        Call::GetRecords,
        Call::GetShardIterator,
    ];
    all_named_and_no_other_needed(
        world,
        &needed_by(&calls),
        async || match records::prove::start(&world.services, &operator, &scene.capture).await {
            Ok(_) => Vec::new(),
            Err(error) => of_error(&error),
        },
    )
    .await;
}
