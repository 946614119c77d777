use std::collections::BTreeMap;

use tidemark_sandbox_backup::{
    ErrorKind, StartRestoreJob,
    model::{JobTiming, Lifecycle, RecoveryPoint, RestoreJob, RestoreJobState},
};

use crate::support::{World, home, minutes, start, table, world};

fn asked(point: &RecoveryPoint, name: &str) -> StartRestoreJob {
    StartRestoreJob {
        point_arn: point.arn.clone(),
        metadata: BTreeMap::from([("targetTableName".to_owned(), name.to_owned())]),
        idempotency_token: Some(format!("restore-{name}")),
        ..StartRestoreJob::default()
    }
}

fn job(world: &World, job: &RestoreJob) -> RestoreJob {
    world.engine.describe_restore_job(&home(), &job.id).unwrap()
}

#[test]
fn a_restore_brings_back_what_the_point_holds() {
    let world = world();
    let point = world.backed_up(Lifecycle::default(), start());
    world
        .tables
        .put(&home(), &table("orders"), start() + minutes(1), "spoiled");
    world.engine.set_timing(JobTiming {
        restore: minutes(10),
        ..JobTiming::instant()
    });
    let started = world
        .engine
        .start_restore_job(&home(), asked(&point, "rescued"), start() + minutes(2))
        .unwrap();
    assert_eq!(started.state, RestoreJobState::Pending);
    world.engine.tick(start() + minutes(7));
    let running = job(&world, &started);
    assert_eq!(running.state, RestoreJobState::Running);
    assert!((running.percent_done(start() + minutes(7)) - 50.0).abs() < 0.1);
    world.engine.tick(start() + minutes(12));
    let done = job(&world, &started);
    assert_eq!(done.state, RestoreJobState::Completed);
    assert_eq!(done.created_resource_arn, Some(table("rescued")));
    assert_eq!(
        world.tables.read(&home(), &table("rescued")).as_deref(),
        Some("first")
    );
    let point = world.points("main").remove(0);
    assert_eq!(point.last_restore, Some(start() + minutes(12)));
}

#[test]
fn the_same_token_restores_once() {
    let world = world();
    let point = world.backed_up(Lifecycle::default(), start());
    let first = world
        .engine
        .start_restore_job(&home(), asked(&point, "rescued"), start())
        .unwrap();
    world.engine.tick(start());
    let again = world
        .engine
        .start_restore_job(&home(), asked(&point, "rescued"), start())
        .unwrap();
    assert_eq!(first.id, again.id);
    assert_eq!(job(&world, &first).state, RestoreJobState::Completed);
}

#[test]
fn a_taken_name_fails_the_job_with_the_services_message() {
    let world = world();
    let point = world.backed_up(Lifecycle::default(), start());
    let started = world
        .engine
        .start_restore_job(&home(), asked(&point, "orders"), start())
        .unwrap();
    world.engine.tick(start());
    let failed = job(&world, &started);
    assert_eq!(failed.state, RestoreJobState::Failed);
    assert!(failed.message.unwrap().contains("already exists"));
    assert_eq!(failed.created_resource_arn, None);
}

#[test]
fn an_unknown_point_and_a_wrong_type_are_refused() {
    let world = world();
    let point = world.backed_up(Lifecycle::default(), start());
    let unknown = StartRestoreJob {
        point_arn: format!("{}0", point.arn),
        ..asked(&point, "x")
    };
    let refused = world
        .engine
        .start_restore_job(&home(), unknown, start())
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotFound);
    let wrong = StartRestoreJob {
        resource_type: Some("S3".to_owned()),
        ..asked(&point, "x")
    };
    let refused = world
        .engine
        .start_restore_job(&home(), wrong, start())
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidParameter);
}
