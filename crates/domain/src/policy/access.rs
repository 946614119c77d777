use serde::{Deserialize, Serialize};

use super::{AccessTask, PolicyFinding, StatementChange};
use crate::{AccountId, Check, Region, RoleArn, Verdict, records::BucketName, runs::RunId};

/// What is to become of a bucket's policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessChange {
    /// Roles get access.
    #[default]
    Grant,
    /// Access that was given before is taken back.
    Revoke,
    /// The policy becomes again what it was before a run.
    Return {
        /// The run.
        run: RunId,
    },
}

/// A change of a bucket's policy, as asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequest {
    /// Account that owns the bucket.
    pub account: AccountId,
    /// The bucket's Region.
    pub region: Region,
    /// The bucket.
    pub bucket: BucketName,
    /// What is to become of its policy.
    #[serde(default)]
    pub change: AccessChange,
    /// What the roles are to do; not needed for a return.
    #[serde(default)]
    pub task: Option<AccessTask>,
    /// Roles, of this account or of others.
    #[serde(default)]
    pub roles: Vec<RoleArn>,
    /// Only below this prefix; empty for the whole bucket.
    #[serde(default)]
    pub prefix: String,
}

/// Exactly what a change of a bucket's policy would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPlan {
    /// As asked for.
    pub request: AccessRequest,
    /// The policy as it is, byte for byte; none without one.
    pub before: Option<String>,
    /// The policy as it would be; none where it would be deleted.
    pub after: Option<String>,
    /// Statement by statement.
    pub changes: Vec<StatementChange>,
    /// What is dangerous or doubtful about the policy as it would be.
    pub findings: Vec<PolicyFinding>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// What the run's credentials may do, as a policy document.
    pub session_policy: String,
    /// Digest of all of it: the start names it.
    pub digest: String,
}

impl AccessPlan {
    /// Whether anything would change.
    pub fn changes_anything(&self) -> bool {
        self.before != self.after
    }

    /// Whether no check forbids the start.
    pub fn can_start(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.verdict != Verdict::Fail)
    }
}

/// A bucket's policy as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyShown {
    /// Account that owns the bucket.
    pub account: AccountId,
    /// The bucket's Region.
    pub region: Region,
    /// The bucket.
    pub bucket: BucketName,
    /// The document, byte for byte; none without one.
    pub policy: Option<String>,
    /// Its statements, each in words.
    pub statements: Vec<StatementChange>,
    /// What is dangerous or doubtful.
    pub findings: Vec<PolicyFinding>,
}

/// Roles that were found in stacks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackRoles {
    /// Roots that were looked into, or could be.
    pub stacks: Vec<String>,
    /// The roles, those that exporters usually have first.
    pub roles: Vec<RoleFound>,
    /// What could not be looked at, in sentences.
    pub notes: Vec<String>,
}

/// A role that a stack made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleFound {
    /// Its ARN.
    pub arn: RoleArn,
    /// Names of the stacks from the root to the one that made it.
    pub stacks: Vec<String>,
    /// Its logical id there.
    pub logical_id: String,
    /// It has one of the logical ids that the exporters of block storage have.
    pub is_usual: bool,
}
