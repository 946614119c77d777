use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::{Lifecycle, StoredSelection};

/// A backup plan as a client writes it (`BackupPlanInput`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PlanDocument {
    /// Display name.
    pub backup_plan_name: String,
    /// At least one.
    pub rules: Vec<PlanRule>,
    /// Members that the simulation keeps and gives back without acting on them.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A rule of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PlanRule {
    /// Display name, unique in the plan.
    pub rule_name: String,
    /// Vault in the same scope.
    pub target_backup_vault_name: String,
    /// `cron(…)`; five in the morning where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule_expression: Option<String>,
    /// IANA name; UTC where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule_expression_timezone: Option<String>,
    /// How long a job may wait to start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_window_minutes: Option<i64>,
    /// How long a job may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_window_minutes: Option<i64>,
    /// Lifecycle of the points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Lifecycle>,
    /// Tags of the points.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub recovery_point_tags: BTreeMap<String, String>,
    /// Set by the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_id: Option<String>,
    /// Copies to make of each point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copy_actions: Vec<CopyAction>,
    /// Whether points are continuous where the type allows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_continuous_backup: Option<bool>,
    /// Members that the simulation keeps and gives back without acting on them.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A copy that a rule makes of each point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CopyAction {
    /// Lifecycle of the copy; the source's where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Lifecycle>,
    /// Vault to copy to, in any account and Region.
    pub destination_backup_vault_arn: String,
}

/// One version of a plan.
#[derive(Clone, Debug)]
pub struct PlanVersion {
    /// Opaque.
    pub version_id: String,
    /// The document with rule ids.
    pub document: PlanDocument,
    /// When it was made.
    pub created: Timestamp,
    /// When a later version or a deletion ended it.
    pub deleted: Option<Timestamp>,
}

/// A backup plan with its versions and selections.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Order of creation in the whole simulation; pages are cut by it.
    pub seq: u64,
    /// UUID.
    pub id: String,
    /// `arn:aws:backup:region:account:backup-plan:id`
    pub arn: String,
    /// What the caller sent to make creation repeatable.
    pub creator_request_id: Option<String>,
    /// When the first version was made.
    pub created: Timestamp,
    /// When the plan was deleted.
    pub deleted: Option<Timestamp>,
    /// When a rule last fired.
    pub last_execution: Option<Timestamp>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Oldest first; the last is in force.
    pub versions: Vec<PlanVersion>,
    /// By creation.
    pub selections: Vec<StoredSelection>,
}

impl Plan {
    /// The version in force.
    pub fn current(&self) -> Option<&PlanVersion> {
        self.versions.last()
    }

    pub(crate) fn rule(&self, rule_id: &str) -> Option<&PlanRule> {
        self.current()?
            .document
            .rules
            .iter()
            .find(|rule| rule.rule_id.as_deref() == Some(rule_id))
    }
}

/// Which plan and rule made a point or a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreatedBy {
    /// Plan.
    pub backup_plan_id: String,
    /// Plan.
    pub backup_plan_arn: String,
    /// Plan.
    pub backup_plan_name: String,
    /// Version of the plan.
    pub backup_plan_version: String,
    /// Rule.
    pub backup_rule_id: String,
    /// Rule.
    pub backup_rule_name: String,
    /// Rule's schedule.
    pub backup_rule_cron: String,
    /// Rule's zone.
    pub backup_rule_timezone: String,
}
