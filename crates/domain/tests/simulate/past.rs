use serde_json::json;
use tidemark_domain::simulate::{JobFact, Past, PastOutcome, PastPlan, PastRun, SimPlan, past};

use crate::scene::{at, plan, point, resource, table, version};

/// A daily rule that keeps points for seven days.
fn daily() -> SimPlan {
    plan(
        vec![version(
            "v1",
            json!([{
                "RuleName": "daily", "TargetBackupVaultName": "main", "StartWindowMinutes": 60,
                "Lifecycle": {"DeleteAfterDays": 7},
            }]),
            "2026-01-01T00:00:00Z",
            None,
        )],
        vec![resource(table("orders"), 1)],
    )
}

fn job(id: &str, created: &str, status: &str) -> JobFact {
    JobFact {
        id: id.to_owned(),
        resource: table("orders"),
        status: status.to_owned(),
        message: Some(format!("{id} said so")),
        created_at: at(created),
        point: (status == "COMPLETED").then(|| point(id, created, None).arn),
        plan_id: None,
        rule_id: None,
    }
}

struct World {
    plans: Vec<SimPlan>,
    jobs: Vec<JobFact>,
    points: Vec<tidemark_domain::RecoveryPoint>,
    jobs_since: &'static str,
    now: &'static str,
}

impl World {
    fn runs(&self, from: &str) -> Vec<PastRun> {
        let plans: Vec<PastPlan<'_>> = self
            .plans
            .iter()
            .map(|plan| PastPlan {
                plan,
                continuous: false,
            })
            .collect();
        past(
            &Past {
                resource: &table("orders"),
                plans: &plans,
                jobs: &self.jobs,
                points: &self.points,
                jobs_since: at(self.jobs_since),
                now: at(self.now),
            },
            at(from),
        )
    }

    fn outcomes(&self, from: &str) -> Vec<PastOutcome> {
        self.runs(from).into_iter().map(|run| run.outcome).collect()
    }
}

#[test]
fn missed_failed_aborted_pruned_and_deleted_are_told_apart() {
    let mut stuck = point("e", "2026-01-05T05:00:00Z", Some("2026-01-12T05:00:00Z"));
    stuck.status = "EXPIRED".to_owned();
    let world = World {
        plans: vec![daily()],
        jobs: vec![
            job("a", "2026-01-01T05:00:00Z", "COMPLETED"),
            job("b", "2026-01-02T05:00:00Z", "FAILED"),
            job("c", "2026-01-03T05:00:00Z", "EXPIRED"),
            job("d", "2026-01-04T05:00:00Z", "ABORTED"),
            job("e", "2026-01-05T05:00:00Z", "COMPLETED"),
            // None on the 6th.
            job("g", "2026-01-07T05:00:00Z", "COMPLETED"),
            job("h", "2026-01-08T05:00:00Z", "COMPLETED"),
            job("i", "2026-01-09T05:00:00Z", "RUNNING"),
        ],
        points: vec![
            stuck,
            point("h", "2026-01-08T05:00:00Z", Some("2026-01-15T05:00:00Z")),
        ],
        jobs_since: "2026-01-01T00:00:00Z",
        now: "2026-01-13T00:00:00Z",
    };
    let runs = world.runs("2026-01-01T00:00:00Z");
    let outcomes: Vec<PastOutcome> = runs.iter().map(|run| run.outcome).collect();
    assert_eq!(
        outcomes[..9],
        [
            PastOutcome::Pruned,
            PastOutcome::Failed,
            PastOutcome::Missed,
            PastOutcome::Aborted,
            PastOutcome::Undeletable,
            PastOutcome::Missed,
            PastOutcome::DeletedByHand,
            PastOutcome::Made,
            PastOutcome::Running,
        ]
    );
    assert_eq!(runs[0].delete_at, Some(at("2026-01-08T05:00:00Z")));
    assert_eq!(runs[1].why.as_deref(), Some("b said so"));
    assert!(
        runs[6]
            .why
            .as_ref()
            .unwrap()
            .contains("2026-01-14 05:00 UTC")
    );
    // From the 10th on there were no jobs at all.
    assert_eq!(outcomes[9..], [PastOutcome::Missed; 3]);
}

#[test]
fn a_run_whose_window_is_open_is_not_missed_yet() {
    let world = World {
        plans: vec![daily()],
        jobs: Vec::new(),
        points: Vec::new(),
        jobs_since: "2026-01-01T00:00:00Z",
        now: "2026-01-01T05:59:00Z",
    };
    assert_eq!(
        world.outcomes("2026-01-01T00:00:00Z"),
        [PastOutcome::Running]
    );
}

#[test]
fn without_jobs_only_what_points_and_retention_prove_is_claimed() {
    let world = World {
        plans: vec![daily()],
        jobs: Vec::new(),
        points: vec![point(
            "p",
            "2026-01-04T05:03:00Z",
            Some("2026-01-11T05:03:00Z"),
        )],
        jobs_since: "2026-01-06T00:00:00Z",
        now: "2026-01-09T00:00:00Z",
    };
    assert_eq!(
        world.outcomes("2026-01-01T00:00:00Z"),
        [
            PastOutcome::Pruned,
            PastOutcome::Unknown,
            PastOutcome::Unknown,
            PastOutcome::Made,
            PastOutcome::Unknown,
            PastOutcome::Missed,
            PastOutcome::Missed,
            PastOutcome::Missed,
        ]
    );
}

#[test]
fn jobs_that_people_started_come_besides_and_hide_no_missed_run() {
    let mut by_hand = job("hand", "2026-01-01T09:00:00Z", "COMPLETED");
    by_hand.point = Some(point("hand", "2026-01-01T09:00:00Z", None).arn);
    let world = World {
        plans: vec![daily()],
        jobs: vec![by_hand, job("lost", "2026-01-01T10:00:00Z", "COMPLETED")],
        points: vec![point("hand", "2026-01-01T09:00:00Z", None)],
        jobs_since: "2026-01-01T00:00:00Z",
        now: "2026-01-01T12:00:00Z",
    };
    let runs = world.runs("2026-01-01T00:00:00Z");
    let told: Vec<(PastOutcome, bool)> = runs
        .iter()
        .map(|run| (run.outcome, run.plan_id.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            (PastOutcome::Missed, true),
            (PastOutcome::Made, false),
            (PastOutcome::Unknown, false),
        ]
    );
}

#[test]
fn the_version_in_force_at_the_time_decides() {
    let mut changed = daily();
    let mut old = changed.versions.remove(0);
    old.valid_until = Some(at("2026-01-03T00:00:00Z"));
    let new = version(
        "v2",
        json!([{
            "RuleName": "daily", "TargetBackupVaultName": "main",
            "ScheduleExpression": "cron(0 20 ? * * *)", "Lifecycle": {"DeleteAfterDays": 35},
        }]),
        "2026-01-03T00:00:00Z",
        None,
    );
    changed.versions = vec![old, new];
    let world = World {
        plans: vec![changed],
        jobs: vec![
            job("a", "2026-01-01T05:00:00Z", "COMPLETED"),
            job("b", "2026-01-02T05:00:00Z", "COMPLETED"),
            job("c", "2026-01-03T20:00:00Z", "COMPLETED"),
        ],
        points: Vec::new(),
        jobs_since: "2026-01-01T00:00:00Z",
        now: "2026-01-12T00:00:00Z",
    };
    let runs = world.runs("2026-01-01T00:00:00Z");
    let told: Vec<(String, PastOutcome)> = runs
        .iter()
        .take(3)
        .map(|run| (run.at.to_string(), run.outcome))
        .collect();
    assert_eq!(
        told,
        [
            ("2026-01-01T05:00:00Z".to_owned(), PastOutcome::Pruned),
            ("2026-01-02T05:00:00Z".to_owned(), PastOutcome::Pruned),
            (
                "2026-01-03T20:00:00Z".to_owned(),
                PastOutcome::DeletedByHand
            ),
        ]
    );
}

#[test]
fn a_job_that_names_another_rule_is_not_taken_for_this_one() {
    let mut other = job("x", "2026-01-01T05:00:00Z", "COMPLETED");
    other.plan_id = Some("plan-2".to_owned());
    let world = World {
        plans: vec![daily()],
        jobs: vec![other],
        points: vec![],
        jobs_since: "2026-01-01T00:00:00Z",
        now: "2026-01-01T12:00:00Z",
    };
    assert_eq!(
        world.outcomes("2026-01-01T00:00:00Z"),
        [PastOutcome::Missed, PastOutcome::Unknown]
    );
}

#[test]
fn jobs_of_two_rules_at_one_moment_are_told_apart_by_their_rules_ids() {
    let rules = json!([
        {"RuleName": "first", "RuleId": "r-1", "TargetBackupVaultName": "main"},
        {"RuleName": "second", "RuleId": "r-2", "TargetBackupVaultName": "main"},
    ]);
    let both = plan(
        vec![version("v1", rules, "2026-01-01T00:00:00Z", None)],
        vec![resource(table("orders"), 1)],
    );
    let of = |id: &str, status: &str, rule: &str| JobFact {
        rule_id: Some(rule.to_owned()),
        ..job(id, "2026-01-01T05:00:00Z", status)
    };
    let world = World {
        plans: vec![both],
        jobs: vec![of("a", "FAILED", "r-2"), of("b", "ABORTED", "r-1")],
        points: Vec::new(),
        jobs_since: "2026-01-01T00:00:00Z",
        now: "2026-01-02T00:00:00Z",
    };
    let told: Vec<(Option<String>, PastOutcome)> = world
        .runs("2026-01-01T00:00:00Z")
        .into_iter()
        .map(|run| (run.rule, run.outcome))
        .collect();
    assert_eq!(
        told,
        [
            (Some("first".to_owned()), PastOutcome::Aborted),
            (Some("second".to_owned()), PastOutcome::Failed),
        ]
    );
}
