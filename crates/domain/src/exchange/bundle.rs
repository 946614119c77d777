use serde::{Deserialize, Serialize};

use crate::{plan::BackupPlan, selection::BackupSelection};

/// A plan and its selections, as they travel together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PlanBundle {
    /// The plan.
    pub backup_plan: BackupPlan,
    /// Its selections.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backup_selections: Vec<BackupSelection>,
}

impl From<BackupPlan> for PlanBundle {
    fn from(backup_plan: BackupPlan) -> Self {
        Self {
            backup_plan,
            backup_selections: Vec::new(),
        }
    }
}
