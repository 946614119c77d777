use std::collections::BTreeMap;

use serde_json::json;
use tidemark_sandbox_backup::{
    ErrorKind, StartRestoreJob,
    model::{Plan, PointStatus, RecoveryPoint, RestoreJobState},
};

use crate::support::{World, database, days, home, minutes, plan_request, start, table, world};

fn continuous(world: &World) -> (Plan, RecoveryPoint) {
    world
        .databases
        .put(&home(), &database("main"), start(), "v0");
    let plan = world.plan(
        json!([{
            "RuleName": "pitr",
            "TargetBackupVaultName": "main",
            "EnableContinuousBackup": true,
            "Lifecycle": { "DeleteAfterDays": 35 },
        }]),
        start(),
    );
    world.engine.tick(start() + days(2));
    let point = points(world).remove(0);
    (plan, point)
}

fn points(world: &World) -> Vec<RecoveryPoint> {
    let mut points = world.points("main");
    points.retain(|point| point.continuous.is_some());
    points
}

fn restore(
    world: &World,
    point: &RecoveryPoint,
    when: &str,
    name: &str,
) -> Result<String, ErrorKind> {
    let now = world.engine.simulated_until();
    let job = world
        .engine
        .start_restore_job(
            &home(),
            StartRestoreJob {
                point_arn: point.arn.clone(),
                metadata: BTreeMap::from([
                    ("RestoreTime".to_owned(), when.to_owned()),
                    ("targetTableName".to_owned(), name.to_owned()),
                ]),
                ..StartRestoreJob::default()
            },
            now,
        )
        .map_err(|error| error.kind)?;
    world.engine.tick(now);
    let job = world.engine.describe_restore_job(&home(), &job.id).unwrap();
    assert_eq!(job.state, RestoreJobState::Completed, "{:?}", job.message);
    Ok(world.databases.read(&home(), &table(name)).unwrap())
}

#[test]
fn a_continuous_rule_makes_one_point_per_resource_and_snapshots_for_other_types() {
    let world = world();
    let (_, point) = continuous(&world);
    world.engine.tick(start() + days(5));
    assert_eq!(point.status, PointStatus::Available);
    assert!(
        point
            .arn
            .starts_with("arn:aws:rds:eu-west-1:111122223333:auto-backup:ab-")
    );
    assert_eq!(points(&world).len(), 1);
    assert_eq!(
        world.points("main").len(),
        6,
        "one continuous point and five snapshots of the table"
    );
}

#[test]
fn any_second_inside_the_window_is_restored_and_none_outside() {
    let world = world();
    let (_, point) = continuous(&world);
    let changed = start() + days(3);
    world
        .databases
        .put(&home(), &database("main"), changed, "v1");
    world.engine.tick(start() + days(4));
    let before = (changed - jiff::SignedDuration::from_secs(1)).to_string();
    assert_eq!(
        restore(&world, &point, &before, "before").as_deref(),
        Ok("v0")
    );
    assert_eq!(
        restore(&world, &point, &changed.to_string(), "after").as_deref(),
        Ok("v1")
    );
    for outside in [start() + minutes(1), start() + days(9)] {
        assert_eq!(
            restore(&world, &point, &outside.to_string(), "none"),
            Err(ErrorKind::InvalidParameter)
        );
    }
}

#[test]
fn the_window_reaches_back_no_further_than_the_retention() {
    let world = world();
    let (_, point) = continuous(&world);
    world.engine.tick(start() + days(100));
    let too_early = (start() + days(64)).to_string();
    assert_eq!(
        restore(&world, &point, &too_early, "x"),
        Err(ErrorKind::InvalidParameter)
    );
    let early_enough = (start() + days(66)).to_string();
    assert_eq!(
        restore(&world, &point, &early_enough, "y").as_deref(),
        Ok("v0")
    );
}

#[test]
fn a_point_whose_rule_is_changed_stops_and_goes_when_its_window_is_over() {
    let world = world();
    let (plan, _) = continuous(&world);
    let snapshots = plan_request(
        "daily",
        json!([{ "RuleName": "pitr", "TargetBackupVaultName": "main", "Lifecycle": { "DeleteAfterDays": 1 } }]),
    );
    let now = start() + days(10);
    world.engine.tick(now);
    world
        .engine
        .update_plan(&home(), &plan.id, snapshots.document, now)
        .unwrap();
    let stopped = points(&world).remove(0);
    assert_eq!(stopped.status, PointStatus::Stopped);
    assert_eq!(
        stopped.calculated_lifecycle().delete_at,
        Some(now + days(35))
    );
    world.engine.tick(now + days(35));
    assert!(points(&world).is_empty());
}

#[test]
fn a_point_whose_resource_is_gone_stops() {
    let world = world();
    continuous(&world);
    world.databases.remove(&home(), &database("main"));
    world.engine.tick(start() + days(4));
    assert_eq!(points(&world)[0].status, PointStatus::Stopped);
}

#[test]
fn a_continuous_point_can_be_given_back_and_a_snapshot_cannot() {
    let world = world();
    let (_, point) = continuous(&world);
    let snapshot = world
        .points("main")
        .into_iter()
        .find(|point| point.continuous.is_none())
        .unwrap();
    let refused = world
        .engine
        .disassociate_point(&home(), "main", &snapshot.arn)
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);
    world
        .engine
        .disassociate_point(&home(), "main", &point.arn)
        .unwrap();
    assert!(points(&world).is_empty());
}
