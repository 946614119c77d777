use jiff::SignedDuration;
use rstest::rstest;
use tidemark_sandbox_backup::{
    ErrorKind, StartBackupJob,
    model::{BackupJobState, JobTiming, Lifecycle, Outage, PointStatus},
};

use crate::support::{database, days, home, minutes, request, start, table, world, world_with};

#[test]
fn a_job_runs_from_created_over_running_with_percent_to_completed() {
    let world = world_with(JobTiming {
        pending: minutes(1),
        backup: minutes(10),
        ..JobTiming::instant()
    });
    let job = world
        .engine
        .start_backup_job(&home(), request(), start())
        .unwrap();
    assert_eq!(job.state, BackupJobState::Created);

    world.engine.tick(start() + minutes(6));
    let running = world.job(&job);
    assert_eq!(running.state, BackupJobState::Running);
    assert!((running.percent_done(start() + minutes(6)) - 50.0).abs() < 0.1);
    let point = world.points("main").remove(0);
    assert_eq!(point.status, PointStatus::Creating);

    world.engine.tick(start() + minutes(11));
    let done = world.job(&job);
    assert_eq!(done.state, BackupJobState::Completed);
    assert_eq!(done.completed, Some(start() + minutes(11)));
    assert_eq!(done.size_bytes, Some(5));
    let point = world.points("main").remove(0);
    assert_eq!(point.status, PointStatus::Completed);
    assert_eq!(point.created, start() + minutes(1));
    assert!(
        point
            .arn
            .starts_with("arn:aws:backup:eu-west-1:111122223333:recovery-point:")
    );
}

#[test]
fn the_same_token_answers_the_same_job() {
    let world = world();
    let asked = || StartBackupJob {
        idempotency_token: Some("once".to_owned()),
        ..request()
    };
    let first = world
        .engine
        .start_backup_job(&home(), asked(), start())
        .unwrap();
    world.engine.tick(start());
    let again = world
        .engine
        .start_backup_job(&home(), asked(), start())
        .unwrap();
    assert_eq!(first.id, again.id);
    assert_eq!(world.jobs().len(), 1);
    let other = world
        .engine
        .start_backup_job(&home(), request(), start())
        .unwrap();
    assert_ne!(first.id, other.id);
}

#[test]
fn a_resource_has_one_running_job_and_the_next_follows_it() {
    let world = world_with(JobTiming {
        backup: minutes(25),
        retry: minutes(10),
        ..JobTiming::instant()
    });
    let first = world
        .engine
        .start_backup_job(&home(), request(), start())
        .unwrap();
    let second = world
        .engine
        .start_backup_job(&home(), request(), start())
        .unwrap();
    world.engine.tick(start() + minutes(24));
    assert_eq!(world.job(&first).state, BackupJobState::Running);
    assert_eq!(world.job(&second).state, BackupJobState::Created);
    world.engine.tick(start() + minutes(60));
    assert_eq!(world.job(&first).state, BackupJobState::Completed);
    let second = world.job(&second);
    assert_eq!(second.state, BackupJobState::Completed);
    assert_eq!(second.started, Some(start() + minutes(30)));
}

#[test]
fn a_job_that_cannot_start_in_its_window_expires_without_a_point() {
    let world = world();
    world.engine.add_outage(Outage {
        scope: home(),
        resource_arn: Some(table("orders")),
        from: start(),
        until: start() + days(1),
    });
    let job = world
        .engine
        .start_backup_job(
            &home(),
            StartBackupJob {
                start_window_minutes: Some(60),
                ..request()
            },
            start(),
        )
        .unwrap();
    world.engine.tick(start() + minutes(59));
    assert_eq!(world.job(&job).state, BackupJobState::Created);
    world.engine.tick(start() + days(2));
    let job = world.job(&job);
    assert_eq!(job.state, BackupJobState::Expired);
    assert_eq!(job.completed, Some(start() + minutes(60)));
    assert!(world.points("main").is_empty());
}

#[test]
fn a_job_that_outlives_its_completion_window_is_aborted() {
    let world = world_with(JobTiming {
        backup: SignedDuration::from_hours(5),
        ..JobTiming::instant()
    });
    let job = world
        .engine
        .start_backup_job(
            &home(),
            StartBackupJob {
                start_window_minutes: Some(60),
                complete_window_minutes: Some(120),
                ..request()
            },
            start(),
        )
        .unwrap();
    world.engine.tick(start() + days(1));
    assert_eq!(world.job(&job).state, BackupJobState::Aborted);
    assert!(world.points("main").is_empty());
}

#[test]
fn a_resource_that_is_gone_fails_the_job_with_the_services_message() {
    let world = world();
    let job = world
        .engine
        .start_backup_job(
            &home(),
            StartBackupJob {
                resource_arn: table("missing"),
                ..request()
            },
            start(),
        )
        .unwrap();
    world.engine.tick(start());
    let job = world.job(&job);
    assert_eq!(job.state, BackupJobState::Failed);
    assert!(job.message.unwrap().contains("table/missing"));
    assert!(world.points("main").is_empty());
}

#[test]
fn a_stopped_job_ends_aborted_and_frees_its_resource() {
    let world = world_with(JobTiming {
        backup: minutes(30),
        ..JobTiming::instant()
    });
    let job = world
        .engine
        .start_backup_job(&home(), request(), start())
        .unwrap();
    world.engine.tick(start() + minutes(1));
    world
        .engine
        .stop_backup_job(&home(), &job.id, start() + minutes(1))
        .unwrap();
    assert_eq!(world.job(&job).state, BackupJobState::Aborting);
    world.engine.tick(start() + minutes(2));
    assert_eq!(world.job(&job).state, BackupJobState::Aborted);
    let next = world
        .engine
        .start_backup_job(&home(), request(), start() + minutes(2))
        .unwrap();
    world.engine.tick(start() + minutes(40));
    assert_eq!(world.job(&next).state, BackupJobState::Completed);
    let refused = world
        .engine
        .stop_backup_job(&home(), &job.id, start() + minutes(41))
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);
}

#[test]
fn a_database_job_cannot_be_stopped() {
    let world = world_with(JobTiming::lifelike());
    world
        .databases
        .put(&home(), &database("main"), start(), "rows");
    let job = world
        .engine
        .start_backup_job(
            &home(),
            StartBackupJob {
                resource_arn: database("main"),
                ..request()
            },
            start(),
        )
        .unwrap();
    let refused = world
        .engine
        .stop_backup_job(&home(), &job.id, start())
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);
}

#[rstest]
#[case::unknown_vault(StartBackupJob { vault: "nowhere".to_owned(), ..request() }, ErrorKind::NotFound)]
#[case::malformed_arn(StartBackupJob { resource_arn: "orders".to_owned(), ..request() }, ErrorKind::InvalidParameter)]
#[case::malformed_role(StartBackupJob { iam_role_arn: "role".to_owned(), ..request() }, ErrorKind::InvalidParameter)]
#[case::short_window(StartBackupJob { start_window_minutes: Some(59), ..request() }, ErrorKind::InvalidParameter)]
#[case::completion_too_soon(
    StartBackupJob { start_window_minutes: Some(60), complete_window_minutes: Some(100), ..request() },
    ErrorKind::InvalidParameter
)]
#[case::cold_too_close_to_deletion(
    StartBackupJob {
        lifecycle: Lifecycle {
            move_to_cold_storage_after_days: Some(30),
            ..Lifecycle::delete_after(119)
        },
        ..request()
    },
    ErrorKind::InvalidParameter
)]
#[case::retention_too_long(
    StartBackupJob { lifecycle: Lifecycle::delete_after(36_501), ..request() },
    ErrorKind::InvalidParameter
)]
fn a_bad_request_is_refused_and_starts_nothing(
    #[case] asked: StartBackupJob,
    #[case] kind: ErrorKind,
) {
    let world = world();
    let refused = world
        .engine
        .start_backup_job(&home(), asked, start())
        .unwrap_err();
    assert_eq!(refused.kind, kind);
    assert!(world.jobs().is_empty());
}
