use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BackupPlan, Difference, Finding, PlanDraft, PlanRecord};
use crate::{
    AccountId, Arn, Region, Scope, Verdict,
    selection::{BackupSelection, DryRunCounts},
};

/// Exactly what saving a draft will do. Made before, shown, and applied as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChange {
    /// The draft as understood.
    pub draft: PlanDraft,
    /// The plan as it is; none for a new one.
    pub before: Option<PlanRecord>,
    /// In what the plan will differ; nothing for a new one.
    pub differences: Vec<Difference>,
    /// What happens to selections.
    pub selections: Vec<SelectionChange>,
    /// What was found wrong or worth knowing: an error forbids saving.
    pub findings: Vec<Finding>,
    /// What the draft takes of the scope's resources, beside the scope's other plans.
    pub dry_run: DryRunCounts,
    /// Resources that this plan will take and does not take now.
    pub won: u64,
    /// Resources that this plan takes now and will not take any more.
    pub lost: u64,
    /// The next runs of the rules, by time.
    pub next_runs: Vec<PlannedRun>,
    /// The session policies that the run will hold: all that it can do.
    pub session_policy: String,
    /// Digest over what will be done; the start names it, so that what runs is what was shown.
    pub digest: String,
}

impl PlanChange {
    /// Nothing that was found forbids saving.
    pub fn can_apply(&self) -> bool {
        self.findings.iter().all(|f| f.verdict != Verdict::Fail)
    }

    /// Nothing would change.
    pub fn is_empty(&self) -> bool {
        self.before.is_some()
            && self.differences.is_empty()
            && self
                .selections
                .iter()
                .all(|s| s.what == SelectionStep::Keep)
    }
}

/// What happens to one selection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectionChange {
    /// Its name.
    pub name: String,
    /// What happens.
    pub what: SelectionStep,
    /// In what the new one differs, when it replaces one.
    pub differences: Vec<Difference>,
}

/// What happens to a selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelectionStep {
    /// It stays.
    Keep,
    /// It is made.
    Create,
    /// It is made anew with other content, and the old one is deleted: AWS cannot change one.
    Replace,
    /// It is deleted.
    Delete,
}

impl SelectionStep {
    /// The word shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "stays",
            Self::Create => "is made",
            Self::Replace => "is replaced",
            Self::Delete => "is deleted",
        }
    }
}

/// One run of a rule to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRun {
    /// When its start window opens.
    pub at: Timestamp,
    /// The rule.
    pub rule: String,
}

/// Exactly what deleting a plan will do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDeletion {
    /// The plan as it is.
    pub plan: PlanRecord,
    /// Selections that go with it, by name.
    pub selections: Vec<String>,
    /// Recovery points that it made: they stay until their lifecycle ends.
    pub points: u64,
    /// Resources that it takes now.
    pub resources: u64,
    /// Of these, those that no other plan of the scope takes.
    pub unprotected: u64,
    /// Runs that will not come.
    pub lost_runs: Vec<PlannedRun>,
    /// What is worth knowing, each a sentence.
    pub consequences: Vec<String>,
    /// The session policy that the run will hold.
    pub session_policy: String,
    /// Digest over what will be done.
    pub digest: String,
}

/// What running a rule now would start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRun {
    /// The plan as it is.
    pub plan: PlanRecord,
    /// The rule.
    pub rule: String,
    /// Resources for which a backup job is started, with the role that AWS Backup assumes.
    pub resources: Vec<(Arn, String)>,
    /// What was found wrong or worth knowing: an error forbids the start.
    pub findings: Vec<Finding>,
    /// The session policy that the run will hold.
    pub session_policy: String,
    /// Digest over what will be done.
    pub digest: String,
}

impl RuleRun {
    /// Nothing that was found forbids the start.
    pub fn can_start(&self) -> bool {
        !self.resources.is_empty() && self.findings.iter().all(|f| f.verdict != Verdict::Fail)
    }
}

/// A plan for many accounts and Regions, as somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolloutRequest {
    /// The plan.
    pub plan: BackupPlan,
    /// Its selections. The account in the ARNs of roles is replaced by the target's; other ARNs
    /// stay as they are.
    pub selections: Vec<BackupSelection>,
    /// Where to.
    pub targets: Vec<Scope>,
    /// Why, in the person's own words; goes into the audit log.
    #[serde(default)]
    pub reason: String,
}

/// Exactly what a rollout will do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// The request as understood.
    pub request: RolloutRequest,
    /// What happens in each target. One that cannot be changed does not stop the others.
    pub targets: Vec<RolloutTarget>,
    /// Digest over what will be done.
    pub digest: String,
}

impl Rollout {
    /// At least one target can be changed.
    pub fn can_start(&self) -> bool {
        self.targets
            .iter()
            .any(|t| t.change.as_ref().is_some_and(PlanChange::can_apply))
    }
}

/// What a rollout does in one account and Region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolloutTarget {
    /// Account.
    pub account: AccountId,
    /// The account's alias.
    pub alias: String,
    /// Region.
    pub region: Region,
    /// What saving does there; none when that cannot be told.
    pub change: Option<PlanChange>,
    /// Why it cannot be told or done; none when it can.
    pub refused: Option<String>,
}

/// The same plan elsewhere: a plan of the same name in another account or Region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSibling {
    /// Account.
    pub account: AccountId,
    /// The account's alias.
    pub alias: String,
    /// Region.
    pub region: Region,
    /// `BackupPlanId`.
    pub id: String,
    /// In what it differs; empty when it does the same.
    pub differences: Vec<Difference>,
}
