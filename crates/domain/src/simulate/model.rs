use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Arn, Region, Resource, ResourceType,
    plan::{BackupPlan, TypeSupport},
};

/// A plan with its versions and what its selections take.
#[derive(Clone, Debug)]
pub struct SimPlan {
    /// Id.
    pub id: String,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// Its versions, oldest first.
    pub versions: Vec<PlanVersion>,
    /// The resources that it takes.
    pub resources: Vec<SimResource>,
}

impl SimPlan {
    /// The name in its newest version.
    pub fn name(&self) -> &str {
        self.versions
            .last()
            .map_or("", |version| version.plan.backup_plan_name.as_str())
    }
}

/// A version of a plan and when it is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanVersion {
    /// Version id.
    pub id: String,
    /// The plan as it was.
    pub plan: BackupPlan,
    /// Its rules fire after this moment.
    pub valid_from: Timestamp,
    /// Its rules fire until this moment; none while it is in force.
    pub valid_until: Option<Timestamp>,
}

/// A resource that a plan takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimResource {
    /// ARN.
    pub arn: Arn,
    /// Type.
    pub resource_type: ResourceType,
    /// Size of a backup, where it is known.
    pub size_bytes: Option<u64>,
    /// Its points move to cold storage.
    pub cold: bool,
    /// Its points move to cold storage only where the lifecycle opts in to archiving.
    pub cold_by_opt_in: bool,
    /// It can be backed up continuously.
    pub continuous: bool,
}

impl SimResource {
    /// A resource of the catalogue.
    pub fn new(resource: &Resource, support: &TypeSupport) -> Self {
        let name = resource.resource_type.as_str();
        Self {
            arn: resource.arn.clone(),
            resource_type: resource.resource_type.clone(),
            size_bytes: resource.size_bytes,
            cold: support.cold.contains(name),
            cold_by_opt_in: support.cold_by_opt_in.contains(name),
            continuous: support.continuous.contains(name),
        }
    }

    pub(super) fn moves_to_cold(&self, archive_opt_in: bool) -> bool {
        self.cold || (self.cold_by_opt_in && archive_opt_in)
    }
}

/// How long jobs take. AWS tells nobody before; the defaults say that they take no time, so that dates
/// are those of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// From the schedule until the job tries to start.
    pub pending: SignedDuration,
    /// A backup job, from its start.
    pub backup: SignedDuration,
    /// A copy job, from its start.
    pub copy: SignedDuration,
    /// How often a job that cannot start tries again.
    pub retry: SignedDuration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            pending: SignedDuration::ZERO,
            backup: SignedDuration::ZERO,
            copy: SignedDuration::ZERO,
            retry: SignedDuration::from_mins(10),
        }
    }
}
