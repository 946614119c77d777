use serde::{Deserialize, Serialize};

use super::{Rehearsal, VaultRequest};
use crate::{
    Check, Vault, Verdict,
    policy::{PolicyFinding, StatementChange},
};

/// Exactly what a change of a vault would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultPlan {
    /// As asked for.
    pub request: VaultRequest,
    /// The vault as it is; none where it is to be created.
    pub vault: Option<Vault>,
    /// What is done, in sentences.
    pub effects: Vec<String>,
    /// Its access policy as it is, byte for byte.
    pub policy_before: Option<String>,
    /// Its access policy as it would be.
    pub policy_after: Option<String>,
    /// The access policy, statement by statement.
    pub statements: Vec<StatementChange>,
    /// What is dangerous or doubtful about the policy as it would be.
    pub findings: Vec<PolicyFinding>,
    /// What a lock would do to jobs and points.
    pub rehearsal: Option<Rehearsal>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// What has to be typed before it starts; none where nothing has to.
    pub confirmation: Option<String>,
    /// What the run's credentials may do, as a policy document.
    pub session_policy: String,
    /// Digest of all that matters: the start names it.
    pub digest: String,
}

impl VaultPlan {
    /// Whether no check forbids the start.
    pub fn can_start(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.verdict != Verdict::Fail)
    }
}
