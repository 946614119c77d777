//! What plans will make: which points exist at each moment, in which tier, until when; and what became of
//! what they should have made.
//!
//! The rules are those of the sandbox's simulated AWS Backup, against which the simulation is tested for
//! 400 days: one running job per resource, waiting jobs that try again until their start window is over,
//! lifecycles that count from a point's creation, copies that count from their source's.

mod curve;
mod fires;
mod jobs;
mod model;
mod past;
mod point;
mod storage;

pub use curve::{AgeStep, Band};
pub use model::{PlanVersion, SimPlan, SimResource, Timing};
pub use past::{JobFact, Past, PastOutcome, PastPlan, PastRun, past};
pub use point::{SimFailure, SimFailureKind, SimPoint, SimWindow};
pub use storage::{StorageBy, StorageStep};

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::{Arn, RecoveryPoint, plan::VaultLimits};

/// What a simulation begins with.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// The plans, in the order of their creation: where rules fire at the same moment, the jobs of the
    /// earlier plan come first, and within a plan those of the earlier rule.
    pub plans: Vec<SimPlan>,
    /// The points that exist at the beginning.
    pub points: Vec<RecoveryPoint>,
    /// Locked vaults by ARN: jobs and copies outside their limits fail.
    pub locks: BTreeMap<String, VaultLimits>,
    /// ARNs of vaults that are known to let no other account copy into them: such copies fail.
    pub closed: BTreeSet<String>,
    /// How long jobs take.
    pub timing: Timing,
}

/// What will exist between two moments.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// First moment.
    pub from: Timestamp,
    /// Last moment.
    pub until: Timestamp,
    /// Every point that exists at some moment between the two, by creation.
    pub points: Vec<SimPoint>,
    /// Jobs that are sure to fail or to be missed, by moment.
    pub failures: Vec<SimFailure>,
}

impl Simulation {
    /// Lets the plans run from `from` (exclusive) to `until` (inclusive).
    pub fn run(scene: &Scene, from: Timestamp, until: Timestamp) -> Self {
        let mut points: Vec<SimPoint> = scene
            .points
            .iter()
            .map(SimPoint::from_real)
            .filter(|point| point.gone_at().is_none_or(|gone| gone > from))
            .collect();
        let mut failures = Vec::new();
        jobs::run(scene, from, until, &mut points, &mut failures);
        points.sort_by(|a, b| {
            (a.created_at, a.exists_from, &a.resource, &a.vault).cmp(&(
                b.created_at,
                b.exists_from,
                &b.resource,
                &b.vault,
            ))
        });
        failures.sort_by_key(|failure| failure.at);
        Self {
            from,
            until,
            points,
            failures,
        }
    }

    /// The points that exist at a moment.
    pub fn at(&self, moment: Timestamp) -> impl Iterator<Item = &SimPoint> {
        self.points
            .iter()
            .filter(move |point| point.exists_at(moment))
    }

    /// How far back one can go with a resource at each moment: one step for each change, in order.
    pub fn ages(&self, resource: &Arn) -> Vec<AgeStep> {
        curve::ages(self, resource)
    }

    /// The continuous windows of a resource, oldest first.
    pub fn bands(&self, resource: &Arn) -> Vec<Band> {
        curve::bands(self, resource)
    }

    /// Bytes and points by tier at each moment: one step for each change, at most `steps` of them, evenly
    /// thinned, with the last one kept.
    pub fn storage(&self, steps: usize) -> Vec<StorageStep> {
        storage::storage(self.points.iter(), self.from, self.until, steps)
    }

    /// The same for one plan, resource, account or vault.
    pub fn storage_of(&self, by: &StorageBy, steps: usize) -> Vec<StorageStep> {
        storage::storage(
            self.points.iter().filter(|point| by.holds(point)),
            self.from,
            self.until,
            steps,
        )
    }
}
