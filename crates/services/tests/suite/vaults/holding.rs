//! Legal holds are made with a preview and released with a reason.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use tidemark_domain::{
    RecoveryPoint, Role,
    runs::RunState,
    vaults::{HoldChange, HoldFilter, HoldRelease, NewHold},
};
use tidemark_services::{ServiceError, audit::AuditOutcome, holds, holds::HoldConfirmed};
use tidemark_testkit::build;

use super::{begin_hold, held, hold_request, new_hold, point};
use crate::world::{World, caller};

/// Two points in the vault: one of an hour ago, one of yesterday that should be gone.
async fn with_points(world: &World) {
    let now = world.clock.now();
    for (number, hours, due) in [
        ("1", 1, None),
        ("2", 24, Some(now - SignedDuration::from_hours(1))),
    ] {
        let point = RecoveryPoint {
            created_at: now - SignedDuration::from_hours(hours),
            delete_at: due,
            ..point(world, number).build()
        };
        world.aws.add_point(point, BTreeMap::new(), 1);
    }
    world.sync().await;
}

#[tokio::test]
async fn a_hold_shows_what_it_takes_and_keeps_it_until_it_is_released_with_a_reason() {
    let world = World::new().await;
    with_points(&world).await;
    let (s, admin) = (&world.services, caller(Role::Admin));
    let plan = holds::plan(s, &admin, hold_request(&world, new_hold()))
        .await
        .unwrap();
    assert_eq!((plan.preview.points, plan.preview.overdue), (2, 1));
    assert_eq!(plan.preview.examples.len(), 2);
    let id = held(&world).await;
    let shown = holds::list(s, &caller(Role::Viewer), &HoldFilter::default())
        .await
        .unwrap();
    assert_eq!(shown.items.len(), 1);
    let hold = &shown.items[0].hold;
    assert_eq!(
        (hold.id.as_str(), hold.points, hold.is_active()),
        (id.as_str(), 2, true)
    );

    let release = hold_request(
        &world,
        HoldChange::Release(HoldRelease {
            hold: id.clone(),
            retain_record_days: Some(30),
        }),
    );
    let plan = holds::plan(s, &admin, release.clone()).await.unwrap();
    assert!(
        plan.checks
            .iter()
            .any(|check| check.detail.contains("should be gone")),
        "{:?}",
        plan.checks
    );
    let silent = HoldConfirmed {
        digest: plan.digest.clone(),
        reason: "  ".to_owned(),
    };
    let refused = holds::start(s, &admin, release.clone(), &silent).await;
    assert!(
        matches!(&refused, Err(ServiceError::Invalid(wrong)) if wrong.field == "reason"),
        "{refused:?}"
    );
    let told = HoldConfirmed {
        reason: "the case is closed".to_owned(),
        ..silent
    };
    let run = holds::start(s, &admin, release.clone(), &told)
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    world.sync().await;
    let shown = holds::list(s, &admin, &HoldFilter::default())
        .await
        .unwrap();
    let hold = &shown.items[0].hold;
    assert!(!hold.is_active() && hold.cancelled_at.is_some(), "{hold:?}");
    let told = world.audit.records().into_iter().any(|record| {
        record.entry.action == "hold.release"
            && record.entry.outcome == AuditOutcome::Allowed
            && record
                .entry
                .detail
                .is_some_and(|detail| detail.contains("the case is closed"))
    });
    assert!(told);
    // Released once, it cannot be released again.
    let plan = holds::plan(s, &admin, release).await.unwrap();
    assert!(!plan.can_start(), "{:?}", plan.checks);
}

#[tokio::test]
async fn the_preview_follows_vaults_resources_and_dates() {
    let world = World::new().await;
    with_points(&world).await;
    let (s, admin) = (&world.services, caller(Role::Admin));
    let now = world.clock.now();
    let new = NewHold {
        title: "t".to_owned(),
        description: "d".to_owned(),
        ..NewHold::default()
    };
    let day = NewHold {
        from: Some(now - SignedDuration::from_hours(24)),
        until: Some(now - SignedDuration::from_hours(24)),
        ..new.clone()
    };
    let table = NewHold {
        resources: vec![world.orders()],
        ..new.clone()
    };
    let none = NewHold {
        resources: vec![build::table_arn(&world.scope, "others")],
        ..new.clone()
    };
    for (hold, points) in [(new.clone(), 2), (day, 1), (table, 2), (none, 0)] {
        let request = hold_request(&world, HoldChange::Create(hold.clone()));
        let plan = holds::plan(s, &admin, request).await.unwrap();
        assert_eq!(plan.preview.points, points, "{hold:?}");
    }
    let unknown = NewHold {
        vaults: vec!["nowhere".parse().unwrap()],
        ..new
    };
    let request = hold_request(&world, HoldChange::Create(unknown));
    let refused = holds::plan(s, &admin, request).await;
    assert!(
        matches!(&refused, Err(ServiceError::Invalid(wrong)) if wrong.field == "vaults"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_hold_that_is_released_meanwhile_is_released() {
    let world = World::new().await;
    let id = held(&world).await;
    let change = HoldChange::Release(HoldRelease {
        hold: id.clone(),
        retain_record_days: None,
    });
    let run = begin_hold(&world, change).await;
    let hold = world.aws.holds_of(&world.scope)[0].clone();
    world.aws.add_hold(tidemark_domain::LegalHold {
        status: "CANCELED".to_owned(),
        ..hold
    });
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
}
