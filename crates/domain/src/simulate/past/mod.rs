//! What became of what plans should have made: missed, failed, undeletable, pruned and deleted by hand
//! told apart.

mod fact;
mod judge;
mod outcome;

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};

pub use fact::{JobFact, PastPlan};
pub use outcome::{PastOutcome, PastRun};

use super::fires::Firing;
use crate::{Arn, RecoveryPoint};
use judge::Judge;

/// AWS makes a rule's jobs at its moment; this is how much earlier one may be dated.
const EARLY: SignedDuration = SignedDuration::from_secs(60);
/// And this is how much later.
const LATE: SignedDuration = SignedDuration::from_mins(30);

/// What is known of a resource's past.
#[derive(Clone, Debug)]
pub struct Past<'a> {
    /// The resource.
    pub resource: &'a Arn,
    /// The plans that take it, with their versions.
    pub plans: &'a [PastPlan<'a>],
    /// Its backup jobs, in any order.
    pub jobs: &'a [JobFact],
    /// Its recovery points, in any order; points of other resources are skipped.
    pub points: &'a [RecoveryPoint],
    /// Jobs made before this moment are not known any more (AWS keeps them for 30 days).
    pub jobs_since: Timestamp,
    /// The present.
    pub now: Timestamp,
}

/// What became of every run of the plans between `from` (exclusive) and the present, and of the jobs that
/// people started, oldest first. Points that should be gone and cannot be deleted come, too, whoever
/// made them.
pub fn past(known: &Past<'_>, from: Timestamp) -> Vec<PastRun> {
    let points: HashMap<&str, &RecoveryPoint> = known
        .points
        .iter()
        .filter(|point| point.resource_arn == *known.resource)
        .map(|point| (point.arn.as_str(), point))
        .collect();
    let mut jobs: Vec<&JobFact> = known
        .jobs
        .iter()
        .filter(|job| job.resource == *known.resource)
        .collect();
    jobs.sort_by_key(|job| job.created_at);
    let firings: Vec<(&PastPlan<'_>, Firing<'_>)> = known
        .plans
        .iter()
        .flat_map(|plan| Firing::of(plan.plan).into_iter().map(move |f| (plan, f)))
        .collect();
    let mut fires: Vec<(Timestamp, usize)> = firings
        .iter()
        .enumerate()
        .flat_map(|(index, (_, firing))| firing.moments(from, known.now).map(move |at| (at, index)))
        .collect();
    fires.sort_unstable();

    let mut judge = Judge::new(known, points);
    let mut free: BTreeMap<(Timestamp, usize), &JobFact> = jobs
        .iter()
        .enumerate()
        .map(|(index, job)| ((job.created_at, index), *job))
        .collect();
    let mut runs: Vec<PastRun> = Vec::with_capacity(fires.len());
    for (at, index) in fires {
        let (plan, firing) = &firings[index];
        let first = at.checked_sub(EARLY).unwrap_or(at);
        let last = at.checked_add(LATE).unwrap_or(at);
        let job = free
            .range((first, 0)..(last, 0))
            .find(|(_, job)| job.fits(&firing.plan.id, firing.rule))
            .map(|(key, job)| (*key, *job));
        if let Some((key, _)) = job {
            free.remove(&key);
        }
        runs.extend(judge.scheduled(at, plan, firing, job.map(|(_, job)| job)));
    }
    for ((at, _), job) in free {
        if at > from {
            runs.push(judge.by_hand(job));
        }
    }
    runs.extend(judge.undeletable());
    runs.sort_by_key(|run| run.at);
    runs
}
