use serde_json::json;
use tidemark_sandbox_backup::{
    ErrorKind,
    model::{BackupJobState, JobTiming, Lifecycle},
};

use crate::support::{days, home, minutes, start, world, world_with};

fn archive() -> Lifecycle {
    Lifecycle {
        move_to_cold_storage_after_days: Some(30),
        ..Lifecycle::delete_after(120)
    }
}

#[test]
fn a_point_goes_cold_and_then_away_on_its_calculated_dates() {
    let world = world();
    let point = world.backed_up(archive(), start());
    let dates = point.calculated_lifecycle();
    assert_eq!(dates.move_to_cold_storage_at, Some(start() + days(30)));
    assert_eq!(dates.delete_at, Some(start() + days(120)));

    world.engine.tick(start() + days(30) - minutes(1));
    assert_eq!(world.points("main")[0].storage_class(), "WARM");
    world.engine.tick(start() + days(30));
    assert_eq!(world.points("main")[0].storage_class(), "COLD");
    world.engine.tick(start() + days(120) - minutes(1));
    assert_eq!(world.points("main").len(), 1);
    world.engine.tick(start() + days(120));
    assert!(world.points("main").is_empty());
    assert_eq!(
        world
            .engine
            .describe_vault(&home(), "main")
            .unwrap()
            .point_count,
        0
    );
}

#[test]
fn four_hundred_days_of_a_daily_plan_leave_what_the_lifecycle_says() {
    let world = world_with(JobTiming::lifelike());
    world.plan(
        json!([{
            "RuleName": "daily",
            "TargetBackupVaultName": "main",
            "ScheduleExpression": "cron(0 5 ? * * *)",
            "Lifecycle": { "MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 365 },
        }]),
        start(),
    );
    world.engine.tick(start() + days(400));
    let completed = world
        .jobs()
        .into_iter()
        .filter(|job| job.state == BackupJobState::Completed)
        .count();
    assert_eq!(completed, 400);
    let points = world.points("main");
    let cold = points
        .iter()
        .filter(|point| point.cold_since.is_some())
        .count();
    assert_eq!(points.len(), 365);
    assert_eq!(cold, 335);
    assert!(
        points
            .windows(2)
            .all(|pair| pair[0].created > pair[1].created)
    );
}

#[test]
fn the_same_calls_make_the_same_history() {
    let history = || {
        let world = world_with(JobTiming::lifelike());
        world.plan(
            json!([{ "RuleName": "daily", "TargetBackupVaultName": "main" }]),
            start(),
        );
        world.engine.tick(start() + days(20));
        world
            .points("main")
            .into_iter()
            .map(|point| (point.arn, point.created, point.completed))
            .collect::<Vec<_>>()
    };
    assert_eq!(history(), history());
}

#[test]
fn small_steps_and_one_leap_make_the_same_history() {
    let run = |step: i64| {
        let world = world_with(JobTiming::lifelike());
        world.plan(
            json!([{ "RuleName": "daily", "TargetBackupVaultName": "main" }]),
            start(),
        );
        let mut passed = 0;
        while passed < 10 * 24 * 60 {
            passed += step;
            world.engine.tick(start() + minutes(passed));
        }
        world
            .points("main")
            .into_iter()
            .map(|point| (point.arn, point.created))
            .collect::<Vec<_>>()
    };
    assert_eq!(run(7 * 24), run(10 * 24 * 60));
}

#[test]
fn a_changed_lifecycle_moves_the_dates() {
    let world = world();
    let point = world.backed_up(Lifecycle::delete_after(10), start());
    let updated = world
        .engine
        .update_lifecycle(
            &home(),
            "main",
            &point.arn,
            Lifecycle::delete_after(20),
            start() + days(1),
        )
        .unwrap();
    assert_eq!(
        updated.calculated_lifecycle().delete_at,
        Some(start() + days(20))
    );
    world.engine.tick(start() + days(19));
    assert_eq!(world.points("main").len(), 1);
    world.engine.tick(start() + days(20));
    assert!(world.points("main").is_empty());
}

#[test]
fn the_cold_transition_cannot_be_changed_after_it_happened() {
    let world = world();
    let point = world.backed_up(archive(), start());
    world.engine.tick(start() + days(31));
    let later = Lifecycle {
        move_to_cold_storage_after_days: Some(60),
        ..Lifecycle::delete_after(200)
    };
    let refused = world
        .engine
        .update_lifecycle(&home(), "main", &point.arn, later, start() + days(31))
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);
}

#[test]
fn a_type_without_cold_storage_ignores_the_transition() {
    use crate::support::{database, request};
    use tidemark_sandbox_backup::StartBackupJob;

    let world = world();
    world
        .databases
        .put(&home(), &database("main"), start(), "rows");
    world
        .engine
        .start_backup_job(
            &home(),
            StartBackupJob {
                resource_arn: database("main"),
                lifecycle: archive(),
                ..request()
            },
            start(),
        )
        .unwrap();
    world.engine.tick(start() + days(40));
    let point = world.points("main").remove(0);
    assert_eq!(point.calculated_lifecycle().move_to_cold_storage_at, None);
    assert_eq!(point.storage_class(), "WARM");
    assert!(
        point
            .arn
            .starts_with("arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-")
    );
}
