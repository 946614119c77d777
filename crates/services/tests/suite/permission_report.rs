//! What the roles may do: told action by action, with what mends it, and kept with its history.

use std::{collections::BTreeSet, time::Duration};

use jiff::SignedDuration;
use tidemark_domain::{
    Feature, Features, Role, ScopeCause,
    permissions::{
        AccountPermissions, Allowance, DeniedBy, FeatureState, PermissionFilter, PermissionReport,
    },
};
use tidemark_services::{
    calls::role_needs,
    overview, permissions,
    permissions::{PermissionConfig, PermissionWorker},
    ports::{AccountStore as _, CloudErrorKind},
};
use tidemark_testkit::{Access, When};

use crate::world::{World, caller};

async fn check(world: &World) -> AccountPermissions {
    permissions::check(&world.services, &caller(Role::Admin), &world.scope.account)
        .await
        .unwrap()
}

fn denied(report: &PermissionReport) -> BTreeSet<String> {
    report
        .actions
        .iter()
        .filter(|one| one.state == Allowance::Denied)
        .map(|one| one.action.clone())
        .collect()
}

/// The actions that a policy document allows.
fn allowed(policy: &str) -> BTreeSet<String> {
    let policy: serde_json::Value = serde_json::from_str(policy).unwrap();
    policy["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|statement| statement["Action"].as_array().unwrap())
        .map(|action| action.as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn each_action_that_is_taken_from_the_role_is_named_with_the_policy_that_brings_it_back() {
    let world = World::new().await;
    let whole = check(&world).await;
    let report = &whole.regions[0].report;
    assert_eq!(denied(report), BTreeSet::new());
    assert_eq!(whole.regions[0].role_policy, None);
    let states: BTreeSet<_> = whole.regions[0].features.iter().map(|f| f.state).collect();
    assert_eq!(states, [FeatureState::Allowed].into());
    let actions: BTreeSet<&str> = role_needs(&Features::all())
        .iter()
        .map(|need| need.action)
        .collect();
    assert!(actions.len() > 90, "{}", actions.len());
    for action in actions {
        world.aws.allow_all(&world.scope.account);
        world.aws.deny(&world.scope.account, &[action]);
        if action == "iam:SimulatePrincipalPolicy" {
            continue;
        }
        let found = check(&world).await;
        let region = &found.regions[0];
        assert_eq!(denied(&region.report), [action.to_owned()].into());
        let policy = region.role_policy.as_deref().unwrap();
        assert_eq!(allowed(policy), [action.to_owned()].into(), "{policy}");
        for feature in Feature::of_access_role() {
            let needs = report
                .actions
                .iter()
                .any(|one| one.action == action && one.features.contains(&feature));
            let sums = region.report.of(feature);
            let hit = sums.denied + sums.sometimes > 0;
            assert_eq!(hit, needs, "{action} {feature:?}");
        }
    }
}

#[tokio::test]
async fn a_lost_permission_stands_out_until_it_is_back_and_its_story_stays() {
    let world = World::new().await;
    let (admin, account) = (caller(Role::Admin), world.scope.account.clone());
    check(&world).await;
    let lost = || async {
        let overview = overview::get(&world.services, &admin).await.unwrap();
        overview.lost
    };
    assert_eq!(lost().await, []);
    world.clock.advance(SignedDuration::from_hours(1));
    world.aws.deny(&account, &["backup:StartBackupJob"]);
    let since = check(&world).await.regions[0].report.made_at;
    world.clock.advance(SignedDuration::from_hours(1));
    check(&world).await;
    let found = lost().await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].actions, ["backup:StartBackupJob"]);
    assert_eq!(found[0].since, since);
    let filter = PermissionFilter {
        feature: Some(Feature::Backup),
        state: Some(FeatureState::Denied),
        lost: true,
        ..PermissionFilter::default()
    };
    let rows = permissions::list(&world.services, &admin, &filter).await;
    assert_eq!(rows.unwrap().len(), 1);

    world.aws.allow_all(&account);
    let back = check(&world).await;
    assert_eq!(lost().await, []);
    let story: Vec<_> = back
        .changes
        .iter()
        .map(|change| (change.was, change.now, change.by))
        .collect();
    assert_eq!(
        story,
        [
            (Allowance::Denied, Allowance::Allowed, None),
            (
                Allowance::Allowed,
                Allowance::Denied,
                Some(DeniedBy::NoPolicy)
            ),
        ]
    );
}

#[tokio::test]
async fn where_iam_may_not_be_asked_lists_are_tried_and_the_rest_is_not_known() {
    let world = World::new().await;
    let account = world.scope.account.clone();
    world.aws.deny(
        &account,
        &["iam:SimulatePrincipalPolicy", "dynamodb:ListTables"],
    );
    let found = check(&world).await;
    let report = &found.regions[0].report;
    assert!(report.not_asked.is_some() && report.broken.is_none());
    let wanted = ["dynamodb:ListTables", "iam:SimulatePrincipalPolicy"].map(str::to_owned);
    assert_eq!(denied(report), wanted.into());
    let state = |action: &str| {
        let one = report.actions.iter().find(|one| one.action == action);
        one.unwrap().state
    };
    assert_eq!(state("backup:ListBackupVaults"), Allowance::Allowed);
    assert_eq!(state("backup:StartBackupJob"), Allowance::Unknown);
    assert_eq!(report.of(Feature::Backup).state, FeatureState::Unknown);
}

#[tokio::test]
async fn the_broken_link_is_named_and_nothing_is_taken_for_denied() {
    for (access, cause) in [
        (Access::NoSuchRole, ScopeCause::NoSuchRole),
        (Access::NoTrust, ScopeCause::Trust),
        (Access::Throttled, ScopeCause::Throttled),
        (Access::Unreachable, ScopeCause::Endpoint),
    ] {
        let world = World::new().await;
        check(&world).await;
        world.aws.set_access(&world.scope.account, access);
        let found = check(&world).await;
        let report = &found.regions[0].report;
        assert_eq!(report.broken.as_ref().map(|b| b.cause), Some(cause));
        assert_eq!(denied(report), BTreeSet::new());
        assert_eq!(found.changes, [], "nothing is known to have changed");
    }
}

#[tokio::test]
async fn only_what_the_role_is_made_for_is_asked() {
    let world = World::new().await;
    let account = world.accounts.get(&world.scope.account).await.unwrap();
    let mut account = account.unwrap();
    account.features = Features::chosen([Feature::Plans]);
    world.accounts.update(&account).await.unwrap();
    world
        .aws
        .deny(&world.scope.account, &["backup:StartBackupJob"]);
    let found = check(&world).await;
    let report = &found.regions[0].report;
    assert_eq!(denied(report), BTreeSet::new());
    assert_eq!(report.of(Feature::Backup).state, FeatureState::Off);
    assert_eq!(report.of(Feature::Plans).state, FeatureState::Allowed);
}

#[tokio::test]
async fn the_worker_makes_a_report_in_its_turn_when_asked_and_sooner_where_the_way_was_broken() {
    let world = World::new().await;
    let worker = PermissionWorker::new(world.services.clone(), PermissionConfig::default());
    let made = || async {
        let report = world
            .services
            .permissions
            .report(&world.scope)
            .await
            .unwrap();
        report.map(|report| report.made_at)
    };
    worker.round().await;
    let first = made().await.unwrap();
    world.clock.advance(SignedDuration::from_mins(30));
    worker.round().await;
    assert_eq!(made().await, Some(first), "its turn has not come");
    permissions::refresh(
        &world.services,
        &caller(Role::Operator),
        &world.scope.account,
    )
    .await
    .unwrap();
    worker.round().await;
    let asked = made().await.unwrap();
    assert!(asked > first);
    world.clock.advance(SignedDuration::from_mins(61));
    world.aws.set_access(&world.scope.account, Access::NoTrust);
    worker.round().await;
    let broken = made().await.unwrap();
    assert!(broken > asked);
    world.aws.set_access(&world.scope.account, Access::Open);
    world.clock.advance(SignedDuration::from_mins(6));
    worker.round().await;
    let report = world.services.permissions.report(&world.scope).await;
    assert_eq!(report.unwrap().unwrap().broken, None);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_hangs_holds_its_own_place_until_the_deadline() {
    let world = World::new().await;
    world
        .cloud
        .fail_always("simulate", CloudErrorKind::Timeout, When::Before);
    let config = PermissionConfig {
        deadline: Duration::from_secs(5),
        ..PermissionConfig::default()
    };
    let worker = PermissionWorker::new(world.services.clone(), config);
    worker.round().await;
    let report = world.services.permissions.report(&world.scope).await;
    let report = report.unwrap().unwrap();
    assert!(report.not_asked.is_some(), "{report:?}");
    assert_eq!(denied(&report), BTreeSet::new());
}
