use serde::{Deserialize, Serialize};

use super::{BackupPlan, Finding, PlanRecord};
use crate::{
    AccountId, Invalid, Region, Scope,
    exchange::{Unknown, require_known},
    selection::BackupSelection,
};

/// A plan as somebody wants it: what the editor, the API and the command line send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDraft {
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// `BackupPlanId` of the plan to change; none makes a new one.
    #[serde(default)]
    pub plan_id: Option<String>,
    /// The version from which the draft was made: another one in force is a conflict.
    #[serde(default)]
    pub version_id: Option<String>,
    /// The plan.
    pub plan: BackupPlan,
    /// All of its selections: one that is not named here goes.
    #[serde(default)]
    pub selections: Vec<SelectionDraft>,
    /// Why, in the person's own words; goes into the audit log.
    #[serde(default)]
    pub reason: String,
}

/// A selection as somebody wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectionDraft {
    /// `SelectionId` of the one that it was made from. AWS cannot change a selection: one with other
    /// content is made anew, and this one is deleted.
    #[serde(default)]
    pub id: Option<String>,
    /// The selection.
    pub selection: BackupSelection,
}

/// The plans of a file, read for an account and Region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanImport {
    /// The plans.
    pub plans: Vec<ImportedPlan>,
    /// What of the file is no plan here, and why.
    pub notes: Vec<Finding>,
}

/// A plan of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedPlan {
    /// The plan as a draft. Where something is not known, nothing is written.
    pub draft: PlanDraft,
    /// What only a deployment knows: with any of it, the draft must not be saved as it is.
    pub unknown: Vec<Unknown>,
    /// What the file holds and AWS Backup does not know.
    pub findings: Vec<Finding>,
}

impl ImportedPlan {
    /// Refuses a plan of which something is not known, or of which something would be lost.
    pub fn require_whole(&self) -> Result<(), Invalid> {
        require_known(&self.unknown)?;
        match self.findings.iter().find(|finding| finding.is_error()) {
            Some(lost) => Err(lost.clone().into()),
            None => Ok(()),
        }
    }
}

impl PlanDraft {
    /// Account and Region.
    pub fn scope(&self) -> Scope {
        Scope {
            account: self.account.clone(),
            region: self.region.clone(),
        }
    }

    /// A draft that changes nothing of a plan.
    pub fn of(record: &PlanRecord) -> Self {
        Self {
            account: record.account.clone(),
            region: record.region.clone(),
            plan_id: Some(record.id.clone()),
            version_id: Some(record.version_id.clone()),
            plan: record.plan.clone(),
            selections: record
                .selections
                .iter()
                .map(|one| SelectionDraft {
                    id: Some(one.id.clone()),
                    selection: one.selection.clone(),
                })
                .collect(),
            reason: String::new(),
        }
    }
}
