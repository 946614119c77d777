//! Vaults are locked after a rehearsal.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::json;
use tidemark_domain::{
    LockState, Role, Verdict,
    plan::BackupPlan,
    runs::RunState,
    vaults::{LockMode, LockWish, VaultChange},
};
use tidemark_services::{
    ServiceError,
    ports::Cloud as _,
    vaults::{self, VaultConfirmed},
};
use tidemark_testkit::build;

use super::{KEPT, begin, carried_out, confirmed, lock, point, request};
use crate::world::{World, caller};

/// A plan that keeps its points in the vault for a week, and one point there that is kept forever.
async fn planned(world: &World) {
    let plan: BackupPlan = serde_json::from_value(json!({
        "BackupPlanName": "weekly",
        "Rules": [{"RuleName": "short", "TargetBackupVaultName": KEPT, "Lifecycle": {"DeleteAfterDays": 7}}],
    }))
    .unwrap();
    let target = build::target(&world.scope);
    world.aws.create_plan(&target, &plan, "t").await.unwrap();
    let point = point(world, "1").build();
    world.aws.add_point(point, BTreeMap::new(), 1);
    world.sync().await;
}

#[tokio::test]
async fn a_wrong_retention_is_caught_by_the_rehearsal_before_the_lock_is_set() {
    let world = World::new().await;
    planned(&world).await;
    let admin = caller(Role::Admin);
    let wish = lock(LockMode::Compliance, 30, 365);
    let change = request(&world, KEPT, VaultChange::Lock(wish.clone()));
    let plan = vaults::plan(&world.services, &admin, change.clone())
        .await
        .unwrap();
    let rehearsal = plan.rehearsal.clone().unwrap();
    let failing: Vec<&str> = rehearsal.failing().map(|rule| rule.rule.as_str()).collect();
    assert_eq!(failing, ["short"]);
    assert_eq!((rehearsal.points.points, rehearsal.points.forever), (1, 1));
    assert!(!plan.can_start(), "{:?}", plan.checks);
    let refused = vaults::start(&world.services, &admin, change, &confirmed(&plan)).await;
    assert!(
        matches!(refused, Err(ServiceError::Checks(_))),
        "{refused:?}"
    );
    assert!(!world.aws.vault_of(&world.scope, KEPT).unwrap().locked);
    // Who says that these jobs may fail is let through, with a warning.
    let accepted = LockWish {
        accept_failures: true,
        ..wish
    };
    let change = request(&world, KEPT, VaultChange::Lock(accepted));
    let plan = vaults::plan(&world.services, &admin, change).await.unwrap();
    assert!(plan.can_start(), "{:?}", plan.checks);
    let warned = plan.checks.iter().any(|check| {
        check.verdict == Verdict::Warn && check.detail.contains("short of the plan weekly")
    });
    assert!(warned, "{:?}", plan.checks);
}

#[tokio::test]
async fn a_compliance_lock_wants_the_plan_that_was_shown_and_the_typed_name() {
    let world = World::new().await;
    planned(&world).await;
    let admin = caller(Role::Admin);
    let change = request(
        &world,
        KEPT,
        VaultChange::Lock(lock(LockMode::Compliance, 7, 365)),
    );
    // Without the rehearsal there is no digest.
    let blind = VaultConfirmed {
        digest: String::new(),
        reason: "a test".to_owned(),
        confirmation: Some(KEPT.to_owned()),
    };
    let refused = vaults::start(&world.services, &admin, change.clone(), &blind).await;
    assert!(
        matches!(refused, Err(ServiceError::Conflict(_))),
        "{refused:?}"
    );
    let plan = vaults::plan(&world.services, &admin, change.clone())
        .await
        .unwrap();
    for typed in [None, Some("default".to_owned()), Some(String::new())] {
        let unnamed = VaultConfirmed {
            confirmation: typed,
            ..confirmed(&plan)
        };
        let refused = vaults::start(&world.services, &admin, change.clone(), &unnamed).await;
        assert!(
            matches!(&refused, Err(ServiceError::Invalid(wrong)) if wrong.field == "confirmation"),
            "{refused:?}"
        );
    }
    let before = world.clock.now();
    let run = vaults::start(&world.services, &admin, change, &confirmed(&plan))
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    let locked = world.aws.vault_of(&world.scope, KEPT).unwrap();
    let LockState::Grace { until } = locked.lock_state(world.clock.now()) else {
        panic!("{locked:?}");
    };
    assert!(until >= before + SignedDuration::from_hours(72), "{until}");
}

#[tokio::test]
async fn a_rule_that_was_changed_after_the_rehearsal_makes_it_worthless() {
    let world = World::new().await;
    let admin = caller(Role::Admin);
    let change = request(
        &world,
        KEPT,
        VaultChange::Lock(lock(LockMode::Governance, 30, 365)),
    );
    let plan = vaults::plan(&world.services, &admin, change.clone())
        .await
        .unwrap();
    assert!(plan.can_start(), "{:?}", plan.checks);
    planned(&world).await;
    let refused = vaults::start(&world.services, &admin, change, &confirmed(&plan)).await;
    assert!(
        matches!(refused, Err(ServiceError::Conflict(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_governance_lock_is_changed_and_removed_and_an_immutable_one_is_not() {
    let world = World::new().await;
    let wish = |mode, max| VaultChange::Lock(lock(mode, 1, max));
    for change in [
        wish(LockMode::Governance, 100),
        wish(LockMode::Governance, 200),
        VaultChange::Unlock,
        wish(LockMode::Compliance, 300),
    ] {
        let view = carried_out(&world, KEPT, change).await;
        assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    }
    let admin = caller(Role::Admin);
    // A run that was started in time and comes too late changes nothing.
    let late = begin(&world, request(&world, KEPT, VaultChange::Unlock)).await;
    world.clock.advance(SignedDuration::from_hours(73));
    let view = world.finish(late).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    for change in [VaultChange::Unlock, wish(LockMode::Governance, 100)] {
        let plan = vaults::plan(&world.services, &admin, request(&world, KEPT, change))
            .await
            .unwrap();
        assert!(!plan.can_start(), "{:?}", plan.checks);
    }
    assert!(world.aws.vault_of(&world.scope, KEPT).unwrap().locked);
}

#[tokio::test]
async fn a_lock_that_was_changed_meanwhile_is_not_replaced() {
    let world = World::new().await;
    let change = VaultChange::Lock(lock(LockMode::Governance, 1, 100));
    let run = begin(&world, request(&world, KEPT, change)).await;
    let vault = world.aws.vault_of(&world.scope, KEPT).unwrap();
    world.aws.add_vault(tidemark_domain::Vault {
        locked: true,
        min_retention_days: Some(9),
        ..vault
    });
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed, "{view:?}");
    let left = world.aws.vault_of(&world.scope, KEPT).unwrap();
    assert_eq!(left.min_retention_days, Some(9));
}
