use std::time::{Duration, Instant};

use jiff::SignedDuration;
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
