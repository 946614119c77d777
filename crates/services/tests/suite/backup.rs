use tidemark_domain::{BackupRequest, Role, runs::RunState};
use tidemark_services::{ServiceError, backup, runs};
use tidemark_testkit::{JobEnd, JobScript, build};

use crate::world::{World, caller};

fn request(world: &World) -> BackupRequest {
    BackupRequest {
        resource: world.orders(),
        vault: "Default".to_owned(),
        delete_after_days: Some(30),
        cold_after_days: None,
        service_role: None,
        reason: "before the release".to_owned(),
    }
}

#[tokio::test]
async fn a_backup_run_ends_with_a_complete_point_and_a_refresh() {
    let world = World::new().await;
    let id = backup::start(&world.services, &caller(Role::Operator), request(&world))
        .await
        .unwrap();
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    let point = build::arn(view.summary["created"].as_str().unwrap());
    assert_eq!(
        world.aws.point(&world.scope, &point).unwrap().status,
        "COMPLETED"
    );
    assert_eq!(world.services.sync.take(), vec![world.scope.clone()]);
}

#[tokio::test]
async fn a_failed_job_ends_the_run_with_aws_backups_own_message() {
    let world = World::new().await;
    world.aws.script_backups(JobScript {
        polls: 1,
        end: JobEnd::With("FAILED".to_owned(), "the vault lock forbids it".to_owned()),
    });
    let id = backup::start(&world.services, &caller(Role::Operator), request(&world))
        .await
        .unwrap();
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Failed);
    assert!(
        view.error
            .unwrap()
            .message
            .contains("the vault lock forbids it")
    );
}

#[tokio::test]
async fn cancelling_stops_the_job() {
    let world = World::new().await;
    world.aws.script_backups(JobScript {
        polls: 0,
        end: JobEnd::Never,
    });
    let operator = caller(Role::Operator);
    let id = backup::start(&world.services, &operator, request(&world))
        .await
        .unwrap();
    world.services.runs.run_until_idle().await.unwrap();
    runs::cancel(&world.services, &operator, id, "wrong vault")
        .await
        .unwrap();
    let view = world.finish(id).await;
    assert_eq!(view.state, RunState::Cancelled, "{view:?}");
    assert_eq!(world.cloud.count("stop_backup"), 1);
}

#[tokio::test]
async fn retention_outside_the_vaults_lock_is_refused_before_a_job_can_fail() {
    let world = World::new().await;
    let mut vault = build::vault(&world.scope, "locked");
    (
        vault.locked,
        vault.min_retention_days,
        vault.max_retention_days,
    ) = (true, Some(60), Some(90));
    world.aws.add_vault(vault);
    world.sync().await;
    for (days, rule) in [
        (Some(59), "at least 60"),
        (Some(91), "at most 90"),
        (None, "at most 90"),
    ] {
        let request = BackupRequest {
            vault: "locked".to_owned(),
            delete_after_days: days,
            ..request(&world)
        };
        match backup::start(&world.services, &caller(Role::Operator), request).await {
            Err(ServiceError::Invalid(invalid)) => {
                assert!(invalid.rule.contains(rule), "{invalid}");
            }
            other => panic!("{days:?}: {other:?}"),
        }
    }
    assert_eq!(world.cloud.count("start_backup"), 0);
}

#[tokio::test]
async fn the_same_form_sent_twice_is_one_run() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let one = backup::start(&world.services, &operator, request(&world))
        .await
        .unwrap();
    let two = backup::start(&world.services, &operator, request(&world))
        .await
        .unwrap();
    assert_eq!(one, two);
}
