use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ChangeRequest, Keep};
use crate::{AccountId, Arn, Region, cost::EarlyDeletion};

/// Exactly what a change of many points will do. Made before, shown, and applied as shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangePlan {
    /// The request as understood.
    pub request: ChangeRequest,
    /// How many points will be changed.
    pub points: u64,
    /// Their size in bytes, where it is known: what a deletion frees.
    pub bytes: u64,
    /// Where they lie.
    pub targets: Vec<ChangeTarget>,
    /// Points of the selection that are left as they are, and why.
    pub left: Vec<LeftGroup>,
    /// What is charged for the points that will be deleted before their 90 days of cold storage are over.
    pub early: EarlyDeletion,
    /// Points that would be due for deletion at once under the new lifecycle.
    pub due_at_once: u64,
    /// How many resources lose points, or will lose them sooner.
    pub resources: u64,
    /// Resources that lose their last usable point; the first of them.
    pub last_points: Vec<ResourceReach>,
    /// How many resources lose their last usable point.
    pub last_points_total: u64,
    /// How far back the others reach afterwards: those that lose most, the first of them.
    pub reach: Vec<ResourceReach>,
    /// The first points that will be changed.
    pub first: Vec<Arn>,
    /// What has to be typed before it starts.
    pub confirmation: String,
    /// Digest over the action and every point; the start names it, so that what runs is what was
    /// shown.
    pub digest: String,
}

impl ChangePlan {
    /// Points that are left.
    pub fn left_points(&self) -> u64 {
        self.left.iter().map(|group| group.points).sum()
    }
}

/// Points of one vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeTarget {
    /// Account.
    pub account: AccountId,
    /// The account's alias.
    pub alias: String,
    /// Region.
    pub region: Region,
    /// Vault.
    pub vault: String,
    /// How many.
    pub points: u64,
    /// Their size in bytes.
    pub bytes: u64,
}

/// Points that are left for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftGroup {
    /// Why.
    pub keep: Keep,
    /// How many.
    pub points: u64,
    /// The first of them.
    pub first: Vec<Arn>,
}

/// How far back a resource reaches, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceReach {
    /// The resource.
    pub resource: Arn,
    /// Its name.
    pub name: String,
    /// Usable points now.
    pub before: u64,
    /// Usable points afterwards.
    pub after: u64,
    /// The furthest one now.
    pub furthest_before: Option<Timestamp>,
    /// The furthest one afterwards.
    pub furthest_after: Option<Timestamp>,
    /// The newest one afterwards.
    pub newest_after: Option<Timestamp>,
}
