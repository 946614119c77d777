use std::time::{Duration, Instant};

use jiff::SignedDuration;
use serde_json::json;
use tidemark_sandbox_backup::{
    SimClock,
    model::{BackupJobState, JobTiming},
};

use crate::support::{home, request, table, world_with};

#[tokio::test]
async fn a_spawned_engine_finishes_jobs_as_the_clock_goes() {
    let world = world_with(JobTiming {
        backup: SignedDuration::from_hours(3),
        ..JobTiming::instant()
    });
    let clock = SimClock::new();
    world
        .tables
        .put(&home(), &table("orders"), clock.now(), "now");
    let driver = world.engine.spawn(clock.clone(), Duration::from_millis(5));
    let job = world
        .engine
        .start_backup_job(&home(), request(), clock.now())
        .unwrap();
    let reaches = async |state: BackupJobState| {
        let deadline = Instant::now() + Duration::from_secs(20);
        while world.job(&job).state != state {
            assert!(
                Instant::now() < deadline,
                "still {:?}",
                world.job(&job).state
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    reaches(BackupJobState::Running).await;
    clock.advance(SignedDuration::from_hours(4));
    reaches(BackupJobState::Completed).await;
    driver.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_that_passes_at_once_has_each_of_its_backups() {
    let world = world_with(JobTiming::watchable());
    let clock = SimClock::new();
    let begin = clock.now();
    let rule = json!([{
        "RuleName": "six-hourly",
        "TargetBackupVaultName": "main",
        "ScheduleExpression": "cron(0 0/6 ? * * *)",
        "StartWindowMinutes": 60,
        "CompletionWindowMinutes": 120,
    }]);
    world.plan(rule, begin);
    let driver = world.engine.spawn(clock.clone(), Duration::from_millis(1));
    clock.advance(SignedDuration::from_hours(7 * 24));
    // As one who moves the clock by hand does, while the driver looks too.
    let (engine, now) = (world.engine.clone(), clock.now());
    tokio::task::spawn_blocking(move || engine.tick(now))
        .await
        .unwrap();
    let states: Vec<_> = world.jobs().iter().map(|job| job.state).collect();
    assert_eq!(states.len(), 28);
    // The last one may be under way.
    let done = states
        .iter()
        .filter(|state| **state == BackupJobState::Completed)
        .count();
    assert!(done >= 27, "{states:?}");
    assert!(!states.contains(&BackupJobState::Expired), "{states:?}");
    driver.abort();
}
