use rstest::rstest;
use tidemark_sandbox_backup::{
    CreateVault, ErrorKind, LockRequest, StartBackupJob,
    model::{BackupJobState, Lifecycle},
};

use crate::support::{days, home, request, start, world};

#[rstest]
#[case::too_short(Lifecycle::delete_after(29), Some("minimum"))]
#[case::too_long(Lifecycle::delete_after(366), Some("maximum"))]
#[case::for_ever(Lifecycle::default(), Some("maximum"))]
#[case::inside(Lifecycle::delete_after(30), None)]
fn a_lock_fails_jobs_whose_retention_lies_outside(
    #[case] lifecycle: Lifecycle,
    #[case] complaint: Option<&str>,
) {
    let world = world();
    let lock = LockRequest {
        min_retention_days: Some(30),
        max_retention_days: Some(365),
        changeable_for_days: None,
    };
    world
        .engine
        .put_lock(&home(), "main", lock, start())
        .unwrap();
    let job = world
        .engine
        .start_backup_job(
            &home(),
            StartBackupJob {
                lifecycle,
                ..request()
            },
            start(),
        )
        .unwrap();
    world.engine.tick(start());
    let job = world.job(&job);
    match complaint {
        None => assert_eq!(job.state, BackupJobState::Completed),
        Some(word) => {
            assert_eq!(job.state, BackupJobState::Failed);
            assert!(job.message.unwrap().contains(word));
        }
    }
}

#[test]
fn points_under_a_lock_are_neither_deleted_nor_changed_but_expire_on_their_date() {
    let world = world();
    let point = world.backed_up(Lifecycle::delete_after(10), start());
    world
        .engine
        .put_lock(&home(), "main", LockRequest::default(), start())
        .unwrap();
    let refused = world
        .engine
        .delete_point(&home(), "main", &point.arn)
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);
    let refused = world
        .engine
        .update_lifecycle(
            &home(),
            "main",
            &point.arn,
            Lifecycle::delete_after(1),
            start(),
        )
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);
    world.engine.tick(start() + days(10));
    assert!(world.points("main").is_empty());
}

#[test]
fn a_governance_lock_can_be_removed_at_any_time() {
    let world = world();
    let point = world.backed_up(Lifecycle::default(), start());
    world
        .engine
        .put_lock(&home(), "main", LockRequest::default(), start())
        .unwrap();
    world
        .engine
        .delete_lock(&home(), "main", start() + days(500))
        .unwrap();
    world
        .engine
        .delete_point(&home(), "main", &point.arn)
        .unwrap();
    assert!(world.points("main").is_empty());
}

#[test]
fn a_compliance_lock_is_immutable_from_its_date_on() {
    let world = world();
    let lock = LockRequest {
        changeable_for_days: Some(3),
        ..LockRequest::default()
    };
    world
        .engine
        .put_lock(&home(), "main", lock, start())
        .unwrap();
    let vault = world.engine.describe_vault(&home(), "main").unwrap();
    assert_eq!(vault.lock.unwrap().lock_date, Some(start() + days(3)));
    world
        .engine
        .put_lock(&home(), "main", lock, start() + days(1))
        .unwrap();
    for now in [start() + days(4), start() + days(4_000)] {
        let refused = world.engine.delete_lock(&home(), "main", now).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::InvalidRequest);
        let refused = world
            .engine
            .put_lock(&home(), "main", lock, now)
            .unwrap_err();
        assert_eq!(refused.kind, ErrorKind::InvalidRequest);
    }
}

#[rstest]
#[case(LockRequest { changeable_for_days: Some(2), ..LockRequest::default() })]
#[case(LockRequest { min_retention_days: Some(0), ..LockRequest::default() })]
#[case(LockRequest { max_retention_days: Some(36_501), ..LockRequest::default() })]
#[case(LockRequest { min_retention_days: Some(9), max_retention_days: Some(8), ..LockRequest::default() })]
fn a_lock_outside_the_bounds_is_refused(#[case] lock: LockRequest) {
    let world = world();
    let refused = world
        .engine
        .put_lock(&home(), "main", lock, start())
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidParameter);
    assert!(
        world
            .engine
            .describe_vault(&home(), "main")
            .unwrap()
            .lock
            .is_none()
    );
}

#[test]
fn a_vault_with_points_cannot_be_deleted() {
    let world = world();
    let point = world.backed_up(Lifecycle::default(), start());
    let refused = world.engine.delete_vault(&home(), "main").unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);
    world
        .engine
        .delete_point(&home(), "main", &point.arn)
        .unwrap();
    world.engine.delete_vault(&home(), "main").unwrap();
    let missing = world.engine.describe_vault(&home(), "main").unwrap_err();
    assert_eq!(missing.kind, ErrorKind::NotFound);
}

#[test]
fn an_air_gapped_vault_keeps_at_least_seven_days_and_takes_no_backup_jobs() {
    let world = world();
    let vault = |min| CreateVault {
        name: "gapped".to_owned(),
        air_gapped: Some((min, 30)),
        ..CreateVault::default()
    };
    let refused = world
        .engine
        .create_vault(&home(), vault(6), start())
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidParameter);
    world
        .engine
        .create_vault(&home(), vault(7), start())
        .unwrap();
    let asked = StartBackupJob {
        vault: "gapped".to_owned(),
        ..request()
    };
    let refused = world
        .engine
        .start_backup_job(&home(), asked, start())
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);
}

#[test]
fn a_creator_request_id_has_1_to_50_characters_of_its_alphabet() {
    let world = world();
    for (id, taken) in [("a.b-c_1", true), ("", false), ("a b", false)] {
        let request = CreateVault {
            name: "with-token".to_owned(),
            creator_request_id: Some(id.to_owned()),
            ..CreateVault::default()
        };
        let made = world.engine.create_vault(&home(), request, start());
        assert_eq!(made.is_ok(), taken, "{id:?}: {made:?}");
    }
    let long = CreateVault {
        name: "with-long-token".to_owned(),
        creator_request_id: Some("x".repeat(51)),
        ..CreateVault::default()
    };
    let refused = world.engine.create_vault(&home(), long, start());
    assert_eq!(refused.unwrap_err().kind, ErrorKind::InvalidParameter);
}
