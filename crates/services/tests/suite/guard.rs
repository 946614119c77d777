//! What keeps one person from using up what all share.

use tidemark_domain::{BackupRequest, Role, runs::RunState};
use tidemark_services::{ServiceError, backup, coverage, runs};
use tidemark_testkit::build;

use crate::world::{World, caller};

fn backup_of(world: &World, delete_after_days: i64) -> BackupRequest {
    BackupRequest {
        resource: world.orders(),
        vault: "Default".to_owned(),
        delete_after_days: Some(delete_after_days),
        cold_after_days: None,
        service_role: None,
        reason: String::new(),
    }
}

#[tokio::test]
async fn whoever_is_refused_again_and_again_cannot_fill_the_audit_log() {
    let world = World::new().await;
    let viewer = caller(Role::Viewer);
    let long = "Z".repeat(240_000);
    for _ in 0..1_000 {
        let answer = coverage::remove_control(&world.services, &viewer, &long).await;
        assert!(
            matches!(answer, Err(ServiceError::Forbidden(_))),
            "{answer:?}"
        );
    }
    let records = world.audit.records();
    assert!(records.len() <= 120, "{}", records.len());
    let bytes: usize = records
        .iter()
        .map(|record| serde_json::to_string(record).unwrap().len())
        .sum();
    assert!(bytes < 200_000, "{bytes}");
    let last = records.last().unwrap().entry.detail.clone().unwrap();
    assert!(last.contains("only counted"), "{last}");

    world.clock.advance(jiff::SignedDuration::from_mins(11));
    let answer = coverage::remove_control(&world.services, &viewer, "x").await;
    assert!(answer.is_err());
    let records = world.audit.records();
    let next = records.last().unwrap().entry.detail.clone().unwrap();
    assert!(next.contains("880 more refusals"), "{next}");
}

#[tokio::test]
async fn a_person_with_too_many_unfinished_runs_starts_no_other_and_nobody_else_is_held_up() {
    let mut world = World::new().await;
    guarded(&mut world, 3, 100);
    let operator = caller(Role::Operator);
    let mut begun = Vec::new();
    for days in 1..=3 {
        let request = backup_of(&world, days);
        begun.push(
            backup::start(&world.services, &operator, request)
                .await
                .unwrap(),
        );
    }
    let refused = backup::start(&world.services, &operator, backup_of(&world, 9)).await;
    let Err(ServiceError::TooMany(why)) = refused else {
        panic!("{refused:?}");
    };
    assert!(why.contains("3 unfinished runs"), "{why}");
    // The same request again is the run that there is.
    let again = backup::start(&world.services, &operator, backup_of(&world, 3)).await;
    assert_eq!(again.unwrap(), begun[2]);
    let admin = caller(Role::Admin);
    assert!(
        backup::start(&world.services, &admin, backup_of(&world, 4))
            .await
            .is_ok()
    );
    runs::cancel(&world.services, &operator, begun[0], "too many")
        .await
        .unwrap();
    let ended = world.finish(begun[0]).await;
    assert_eq!(ended.state, RunState::Cancelled);
    assert!(
        backup::start(&world.services, &operator, backup_of(&world, 9))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_account_with_too_many_unfinished_runs_gets_no_other() {
    let mut world = World::new().await;
    guarded(&mut world, 100, 2);
    for (days, role) in [(1, Role::Operator), (2, Role::Admin)] {
        let request = backup_of(&world, days);
        backup::start(&world.services, &caller(role), request)
            .await
            .unwrap();
    }
    let refused = backup::start(&world.services, &caller(Role::Admin), backup_of(&world, 3)).await;
    let Err(ServiceError::TooMany(why)) = refused else {
        panic!("{refused:?}");
    };
    assert!(why.contains(world.scope.account.as_str()), "{why}");
}

#[test]
fn the_tag_written_owner_counts_before_its_like() {
    let scope = build::scope("111122223333", "eu-west-1");
    let of = |tags: &[(&str, &str)]| {
        let mut resource = build::resource(&scope, "orders");
        for (key, value) in tags {
            resource = resource.tag(key, value);
        }
        tidemark_services::owner_of(&resource.build()).map(str::to_owned)
    };
    assert_eq!(
        of(&[("OWNER", "Owner"), ("owner", "somebody")]).as_deref(),
        Some("somebody")
    );
    assert_eq!(of(&[("Owner", "ann")]).as_deref(), Some("ann"));
    assert_eq!(of(&[("team", "ann")]), None);
}

/// The same world with other caps.
fn guarded(world: &mut World, runs_per_person: u64, runs_per_account: u64) {
    let services = std::sync::Arc::get_mut(&mut world.services).unwrap();
    services.guard.runs_per_person = runs_per_person;
    services.guard.runs_per_account = runs_per_account;
}
