use serde::{Deserialize, Serialize};

use super::{Unknown, lint::strangers, unknown::require_known};
use crate::{
    Invalid,
    plan::{BackupPlan, Finding},
    selection::BackupSelection,
};

/// A plan and its selections, as they travel together. The plan's tags are in the plan
/// ([`BackupPlan::tags`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PlanBundle {
    /// The plan.
    pub backup_plan: BackupPlan,
    /// Its selections.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backup_selections: Vec<BackupSelection>,
    /// What only a deployment knows: place holders stand there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
    /// What reading the file showed: what was left out, what is probably misspelt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Finding>,
}

impl PlanBundle {
    /// Refuses a plan of which something is not known: it can be looked at, and neither written nor saved.
    pub fn require_known(&self) -> Result<(), Invalid> {
        require_known(&self.unknown)
    }

    /// What reading showed beside the plan itself: what was left out, and members that AWS Backup does not
    /// know.
    pub fn remarks(&self) -> Vec<Finding> {
        let mut findings = self.notes.clone();
        findings.extend(strangers(self));
        findings
    }
}

impl From<BackupPlan> for PlanBundle {
    fn from(backup_plan: BackupPlan) -> Self {
        Self {
            backup_plan,
            backup_selections: Vec::new(),
            unknown: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Its plans.
    pub plans: Vec<PlanBundle>,
    /// What of it is no plan here, and why: conditions that do not hold, selections of other plans.
    pub notes: Vec<Finding>,
}
