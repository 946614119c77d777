use serde_json::json;
use tidemark_domain::{
    Tier,
    plan::VaultLimits,
    simulate::{Scene, SimFailureKind, Simulation, StorageBy, Timing},
};

use crate::scene::{at, plan, point, resource, table, version};

fn days(count: i64) -> jiff::SignedDuration {
    jiff::SignedDuration::from_hours(24 * count)
}

#[test]
fn points_live_from_their_schedule_through_cold_storage_to_their_end() {
    let daily = version(
        "v1",
        json!([{
            "RuleName": "daily", "TargetBackupVaultName": "main",
            "Lifecycle": {"MoveToColdStorageAfterDays": 10, "DeleteAfterDays": 100},
        }]),
        "2026-01-01T00:00:00Z",
        None,
    );
    let scene = Scene {
        plans: vec![plan(vec![daily], vec![resource(table("orders"), 7)])],
        ..Scene::default()
    };
    let from = at("2026-01-01T00:00:00Z");
    let run = Simulation::run(&scene, from, from + days(150));
    assert_eq!(run.points.len(), 150);
    let noon = at("2026-04-20T12:00:00Z");
    let alive: Vec<_> = run.at(noon).collect();
    assert_eq!(alive.len(), 100);
    assert_eq!(
        alive
            .iter()
            .filter(|p| p.tier_at(noon) == Tier::Warm)
            .count(),
        10
    );
    let step = *run
        .storage(10_000)
        .iter()
        .rev()
        .find(|step| step.at <= noon)
        .unwrap();
    assert_eq!(
        (step.warm_bytes, step.cold_bytes, step.cold_points),
        (70, 630, 90)
    );
    let age = *run
        .ages(&table("orders"))
        .iter()
        .rev()
        .find(|step| step.at <= noon)
        .unwrap();
    assert_eq!(age.nearest, Some(at("2026-04-20T05:00:00Z")));
    assert_eq!(age.furthest, Some(at("2026-01-11T05:00:00Z")));
    assert_eq!(age.points, 100);
    let nothing = StorageBy::Plan("other".to_owned());
    assert_eq!(run.storage_of(&nothing, 100).len(), 1);
    assert_eq!(run.storage(5).len(), 5);
}

#[test]
fn real_points_age_beside_those_to_come_and_stuck_ones_stay() {
    let mut stuck = point(
        "stuck",
        "2025-12-01T00:00:00Z",
        Some("2025-12-08T00:00:00Z"),
    );
    stuck.status = "EXPIRED".to_owned();
    let scene = Scene {
        plans: Vec::new(),
        points: vec![
            stuck,
            point("old", "2025-12-30T00:00:00Z", Some("2026-01-06T00:00:00Z")),
            point("gone", "2025-12-20T00:00:00Z", Some("2025-12-27T00:00:00Z")),
        ],
        ..Scene::default()
    };
    let from = at("2026-01-01T00:00:00Z");
    let run = Simulation::run(&scene, from, from + days(30));
    assert_eq!(run.at(at("2026-01-05T00:00:00Z")).count(), 2);
    let left: Vec<_> = run
        .at(at("2026-01-06T00:00:00Z"))
        .map(|p| p.arn.as_ref().unwrap().name().to_owned())
        .collect();
    assert_eq!(left, ["stuck"]);
}

#[test]
fn one_job_runs_at_a_time_and_the_next_one_tries_again() {
    let rules = json!([
        {"RuleName": "a", "TargetBackupVaultName": "main", "StartWindowMinutes": 60},
        {"RuleName": "b", "TargetBackupVaultName": "main", "StartWindowMinutes": 60},
    ]);
    let scene = |backup: i64| Scene {
        plans: vec![plan(
            vec![version("v1", rules.clone(), "2026-01-01T00:00:00Z", None)],
            vec![resource(table("orders"), 1)],
        )],
        timing: Timing {
            backup: jiff::SignedDuration::from_mins(backup),
            ..Timing::default()
        },
        ..Scene::default()
    };
    let from = at("2026-01-01T00:00:00Z");
    let run = Simulation::run(&scene(25), from, from + days(1));
    let made: Vec<String> = run
        .points
        .iter()
        .map(|p| p.created_at.to_string())
        .collect();
    assert_eq!(made, ["2026-01-01T05:00:00Z", "2026-01-01T05:30:00Z"]);
    let run = Simulation::run(&scene(90), from, from + days(1));
    assert_eq!(run.points.len(), 1);
    assert_eq!(run.failures[0].kind, SimFailureKind::Missed);
    assert_eq!(run.failures[0].rule, "b");
}

#[test]
fn a_lock_makes_jobs_and_copies_fail_before_they_are_made() {
    let rules = json!([{
        "RuleName": "daily", "TargetBackupVaultName": "main", "Lifecycle": {"DeleteAfterDays": 7},
        "CopyActions": [{"DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:444455556666:backup-vault:dr"}],
    }]);
    let lock = |arn: &str| {
        (
            arn.to_owned(),
            VaultLimits {
                min_days: Some(30),
                max_days: None,
            },
        )
    };
    let scene = |arn: &str| Scene {
        plans: vec![plan(
            vec![version("v1", rules.clone(), "2026-01-01T00:00:00Z", None)],
            vec![resource(table("orders"), 1)],
        )],
        locks: [lock(arn)].into(),
        ..Scene::default()
    };
    let from = at("2026-01-01T00:00:00Z");
    let own = scene("arn:aws:backup:eu-west-1:111122223333:backup-vault:main");
    let run = Simulation::run(&own, from, from + days(2));
    assert!(run.points.is_empty());
    assert_eq!(run.failures.len(), 2);
    assert!(run.failures[0].why.contains("at least 30"));
    let copy = scene("arn:aws:backup:eu-west-1:444455556666:backup-vault:dr");
    let run = Simulation::run(&copy, from, from + days(2));
    assert_eq!(run.points.len(), 2);
    assert!(
        run.failures
            .iter()
            .all(|failure| failure.kind == SimFailureKind::CopyFailed)
    );
}

#[test]
fn a_continuous_window_slides_and_goes_when_its_rule_does() {
    let pitr = json!([{
        "RuleName": "pitr", "TargetBackupVaultName": "main", "EnableContinuousBackup": true,
        "Lifecycle": {"DeleteAfterDays": 14},
    }]);
    let without = json!([{"RuleName": "daily", "TargetBackupVaultName": "main"}]);
    let mut database = resource(table("orders"), 1);
    database.continuous = true;
    let scene = Scene {
        plans: vec![plan(
            vec![
                version(
                    "v1",
                    pitr,
                    "2026-01-01T00:00:00Z",
                    Some("2026-02-01T00:00:00Z"),
                ),
                version("v2", without, "2026-02-01T00:00:00Z", None),
            ],
            vec![database],
        )],
        ..Scene::default()
    };
    let from = at("2026-01-01T00:00:00Z");
    let run = Simulation::run(&scene, from, from + days(60));
    let bands = run.bands(&table("orders"));
    let [band] = bands[..] else {
        panic!("{bands:?}");
    };
    assert_eq!(
        band.reach(at("2026-01-05T00:00:00Z")),
        Some((at("2026-01-01T05:00:00Z"), at("2026-01-05T00:00:00Z")))
    );
    assert_eq!(
        band.reach(at("2026-01-20T00:00:00Z")),
        Some((at("2026-01-06T00:00:00Z"), at("2026-01-20T00:00:00Z")))
    );
    assert_eq!(
        band.reach(at("2026-02-10T00:00:00Z")),
        Some((at("2026-01-27T00:00:00Z"), at("2026-02-01T00:00:00Z")))
    );
    assert_eq!(band.gone_at, Some(at("2026-02-15T00:00:00Z")));
    assert_eq!(band.reach(at("2026-02-15T00:00:00Z")), None);
}
