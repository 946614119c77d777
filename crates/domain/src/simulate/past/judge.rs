use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::{EARLY, JobFact, Past, PastOutcome, PastPlan, PastRun};
use crate::{
    PointSource, RecoveryPoint,
    simulate::{fires::Firing, point::days_after},
};

/// How long a job's point is to be kept.
#[derive(Clone, Copy)]
enum Keeps {
    /// So many days, or for ever, as the rule says.
    Rule(Option<i64>),
    /// Nobody knows: no rule made the job.
    Unknown,
}

/// Settles what became of runs, and remembers which points are accounted for.
pub(super) struct Judge<'a> {
    known: &'a Past<'a>,
    points: HashMap<&'a str, &'a RecoveryPoint>,
    /// Snapshots by creation, for runs whose job is not known.
    by_creation: BTreeMap<(Timestamp, &'a str), &'a RecoveryPoint>,
    seen: HashSet<&'a str>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(known: &'a Past<'a>, points: HashMap<&'a str, &'a RecoveryPoint>) -> Self {
        let by_creation = points
            .values()
            .filter(|point| !point.is_copy() && point.source == PointSource::AwsBackup)
            .map(|point| ((point.created_at, point.arn.as_str()), *point))
            .collect();
        Self {
            known,
            points,
            by_creation,
            seen: HashSet::new(),
        }
    }

    /// A run of a plan; none where a continuous rule had nothing to do.
    pub(super) fn scheduled(
        &mut self,
        at: Timestamp,
        plan: &PastPlan<'_>,
        firing: &Firing<'_>,
        job: Option<&JobFact>,
    ) -> Option<PastRun> {
        let keeps = firing.rule.keeps_days();
        let mut run = PastRun {
            at,
            plan_id: Some(firing.plan.id.clone()),
            rule: Some(firing.rule.rule_name.clone()),
            outcome: PastOutcome::Unknown,
            why: None,
            job: job.map(|job| job.id.clone()),
            point: None,
            delete_at: None,
        };
        if let Some(job) = job {
            self.of_job(job, Keeps::Rule(keeps), &mut run);
            return Some(run);
        }
        let window = crate::plan::spans::minutes(firing.rule.start_window());
        let start_by = at.checked_add(window).unwrap_or(at);
        if firing.rule.continuous() && plan.continuous && self.continuous_at(start_by) {
            return None;
        }
        let next = firing.moments(at, start_by).next().unwrap_or(start_by);
        if let Some(point) = self.made_between(at, next, Some(&firing.plan.id)) {
            self.of_point(point, &mut run);
            return Some(run);
        }
        let due = keeps.and_then(|days| days_after(at, days));
        if at >= self.known.jobs_since {
            if start_by > self.known.now {
                run.outcome = PastOutcome::Running;
                run.why = Some("No job yet; its start window is still open.".to_owned());
            } else {
                run.outcome = PastOutcome::Missed;
                run.why = Some("AWS Backup made no job for this run of the rule.".to_owned());
            }
        } else if due.is_some_and(|due| due <= self.known.now) {
            run.outcome = PastOutcome::Pruned;
            run.delete_at = due;
            run.why = Some(
                "Its job is no longer known, and the rule's retention is over since.".to_owned(),
            );
        } else {
            run.why = Some(
                "There is no point, and the job is no longer known: it was missed, it failed, or the point was deleted."
                    .to_owned(),
            );
        }
        Some(run)
    }

    /// A job that no run of a plan explains.
    pub(super) fn by_hand(&mut self, job: &JobFact) -> PastRun {
        let mut run = PastRun {
            at: job.created_at,
            plan_id: job.plan_id.clone(),
            rule: None,
            outcome: PastOutcome::Unknown,
            why: None,
            job: Some(job.id.clone()),
            point: None,
            delete_at: None,
        };
        self.of_job(job, Keeps::Unknown, &mut run);
        run
    }

    /// Points that should be gone and that no run has accounted for.
    pub(super) fn undeletable(&self) -> Vec<PastRun> {
        self.points
            .values()
            .filter(|point| point.status == "EXPIRED" && !self.seen.contains(point.arn.as_str()))
            .map(|point| PastRun {
                at: point.created_at,
                plan_id: point.plan_id.clone(),
                rule: None,
                outcome: PastOutcome::Undeletable,
                why: Some(stuck(point)),
                job: None,
                point: Some(point.arn.clone()),
                delete_at: point.delete_at,
            })
            .collect()
    }

    fn of_job(&mut self, job: &JobFact, keeps: Keeps, run: &mut PastRun) {
        run.why.clone_from(&job.message);
        run.point.clone_from(&job.point);
        run.outcome = match job.status.as_str() {
            "FAILED" => PastOutcome::Failed,
            "ABORTED" | "ABORTING" => PastOutcome::Aborted,
            "EXPIRED" => PastOutcome::Missed,
            "CREATED" | "PENDING" | "RUNNING" => PastOutcome::Running,
            "COMPLETED" | "PARTIAL" => {
                self.of_finished(job, keeps, run);
                return;
            }
            _ => PastOutcome::Unknown,
        };
    }

    fn of_finished(&mut self, job: &JobFact, keeps: Keeps, run: &mut PastRun) {
        let point = if let Some(arn) = &job.point {
            self.points.get(arn.as_str()).copied()
        } else {
            let late = SignedDuration::from_hours(24);
            self.made_between(
                job.created_at,
                job.created_at.checked_add(late).unwrap_or(job.created_at),
                job.plan_id.as_deref(),
            )
        };
        if let Some(point) = point {
            self.of_point(point, run);
            return;
        }
        let Keeps::Rule(keeps) = keeps else {
            run.outcome = PastOutcome::Unknown;
            run.why = Some(
                "Its point is gone; how long it was to be kept is not known, since no plan made it."
                    .to_owned(),
            );
            return;
        };
        run.delete_at = keeps.and_then(|days| days_after(job.created_at, days));
        if run.delete_at.is_some_and(|due| due <= self.known.now) {
            run.outcome = PastOutcome::Pruned;
            run.why = None;
        } else {
            run.outcome = PastOutcome::DeletedByHand;
            run.why = Some(match run.delete_at {
                Some(due) => format!(
                    "The point is gone although its lifecycle keeps it until {}.",
                    due.strftime("%Y-%m-%d %H:%M UTC")
                ),
                None => "The point is gone although its lifecycle keeps it forever.".to_owned(),
            });
        }
    }

    fn of_point(&mut self, point: &'a RecoveryPoint, run: &mut PastRun) {
        self.seen.insert(point.arn.as_str());
        self.by_creation
            .remove(&(point.created_at, point.arn.as_str()));
        run.point = Some(point.arn.clone());
        run.delete_at = point.delete_at;
        if point.status == "EXPIRED" {
            run.outcome = PastOutcome::Undeletable;
            run.why = Some(stuck(point));
        } else {
            run.outcome = PastOutcome::Made;
            run.why = None;
        }
    }

    /// The first point made in `[from, until)` that no run has accounted for, of the plan where one is
    /// given and the point names one.
    fn made_between(
        &self,
        from: Timestamp,
        until: Timestamp,
        plan_id: Option<&str>,
    ) -> Option<&'a RecoveryPoint> {
        let first = from.checked_sub(EARLY).unwrap_or(from);
        self.by_creation
            .range((first, "")..)
            .take_while(|((at, _), _)| *at < until)
            .map(|(_, point)| *point)
            .find(|point| match (plan_id, point.plan_id.as_deref()) {
                (Some(asked), Some(made_by)) => asked == made_by,
                _ => true,
            })
    }

    fn continuous_at(&self, moment: Timestamp) -> bool {
        self.points
            .values()
            .any(|point| point.source == PointSource::Continuous && point.created_at <= moment)
    }
}

fn stuck(point: &RecoveryPoint) -> String {
    point.status_message.clone().unwrap_or_else(|| {
        "Its retention is over, but AWS Backup could not delete it: look for a legal hold, a lock, or a missing permission of its role."
            .to_owned()
    })
}
