use serde::{Deserialize, Serialize};

use super::{CopyLevel, CopyProblem, CopyRequest};
use crate::{AccountId, Arn, Region, VaultKind, change::ChangeTarget};

/// Exactly what copies will be made. Made before, shown, and carried out as shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CopyPlan {
    /// The request as understood.
    pub request: CopyRequest,
    /// Where to.
    pub destination: CopyPlace,
    /// How many points will be copied.
    pub points: u64,
    /// Their size in bytes, where it is known.
    pub bytes: u64,
    /// Where they lie now.
    pub sources: Vec<ChangeTarget>,
    /// What stands in the way of points, or is to be known of them; the gravest first.
    pub findings: Vec<CopyFinding>,
    /// How many points of the selection are left.
    pub left: u64,
    /// How many of those could be tried all the same.
    pub refused: u64,
    /// How many points are tried although their copy is expected to fail.
    pub doubtful: u64,
    /// The first points that will be copied.
    pub first: Vec<Arn>,
    /// Digest over the request and every point; the start names it, so that what runs is what was shown.
    pub digest: String,
}

/// The vault that is copied into, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyPlace {
    /// Name.
    pub vault: String,
    /// Account.
    pub account: AccountId,
    /// The account's alias.
    pub alias: String,
    /// Region.
    pub region: Region,
    /// What kind of vault it is.
    pub kind: VaultKind,
}

/// A problem, and how many points have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyFinding {
    /// How it weighs.
    pub level: CopyLevel,
    /// The problem.
    #[serde(flatten)]
    pub problem: CopyProblem,
    /// What is wrong, in a sentence.
    pub text: String,
    /// How it is put right.
    pub remedy: String,
    /// How many points have it.
    pub points: u64,
    /// The first of them.
    pub first: Vec<Arn>,
}

impl CopyFinding {
    /// The finding of a problem that no point was counted for yet.
    pub fn of(problem: CopyProblem) -> Self {
        Self {
            level: problem.level(),
            text: problem.what(),
            remedy: problem.fix(),
            problem,
            points: 0,
            first: Vec::new(),
        }
    }
}
