use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Lifecycle;
use crate::{Invalid, schedule::AwsCron};

/// A backup plan (`BackupPlan`). Fields that this version does not know are kept as they came, so
/// that reading and writing a plan loses nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BackupPlan {
    /// Name.
    pub backup_plan_name: String,
    /// Rules; at most ten by default quota.
    pub rules: Vec<BackupRule>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl BackupPlan {
    /// The member that holds the plan's own tags. AWS keeps them beside the plan (`BackupPlanTags` of
    /// `CreateBackupPlan`, then `ListTags` and `TagResource`); here they travel with it, so that no edit,
    /// export or rollout loses them. Without it nobody read or named tags, and those of AWS stay.
    pub const TAGS: &str = "BackupPlanTags";

    /// The plan's own tags; none when nobody read or named any.
    pub fn tags(&self) -> Option<BTreeMap<&str, &str>> {
        let tags = self.other.get(Self::TAGS)?.as_object()?;
        Some(
            tags.iter()
                .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
                .collect(),
        )
    }

    /// Sets the plan's own tags: an object with texts, or nothing.
    pub fn set_tags(&mut self, tags: Option<Value>) {
        match tags {
            Some(tags) => self.other.insert(Self::TAGS.to_owned(), tags),
            None => self.other.remove(Self::TAGS),
        };
    }

    /// Takes the plan's own tags out, which leaves what the API calls a plan; none where there are no tags.
    pub fn take_tags(&mut self) -> Option<Value> {
        let tags = self.other.remove(Self::TAGS)?;
        let some = tags.as_object().is_some_and(|tags| !tags.is_empty());
        some.then_some(tags)
    }
}

/// A rule of a plan (`BackupRule`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BackupRule {
    /// Name, unique in the plan.
    pub rule_name: String,
    /// Vault that takes the points.
    pub target_backup_vault_name: String,
    /// `cron(…)`; absent takes AWS's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule_expression: Option<String>,
    /// IANA name of the schedule's time zone; absent is UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule_expression_timezone: Option<String>,
    /// Minutes within which a job must start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_window_minutes: Option<i64>,
    /// Minutes within which a job must end, from its scheduled start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_window_minutes: Option<i64>,
    /// Lifecycle of the points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Lifecycle>,
    /// Tags of the points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_point_tags: Option<BTreeMap<String, String>>,
    /// Copies of each point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_actions: Option<Vec<CopyAction>>,
    /// Continuous backup where the type supports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_continuous_backup: Option<bool>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl BackupRule {
    /// AWS's schedule where a rule names none: 05:00 UTC every day.
    pub const DEFAULT_SCHEDULE: &str = "cron(0 5 ? * * *)";

    /// `RuleId`, which AWS gives a rule.
    pub fn rule_id(&self) -> Option<&str> {
        self.other.get("RuleId").and_then(Value::as_str)
    }

    /// The schedule's text.
    pub fn schedule(&self) -> &str {
        self.schedule_expression
            .as_deref()
            .unwrap_or(Self::DEFAULT_SCHEDULE)
    }

    /// The schedule and the zone in which it is read.
    pub fn timing(&self) -> Result<(AwsCron, TimeZone), Invalid> {
        let cron = AwsCron::parse(self.schedule())?;
        let zone = match self.schedule_expression_timezone.as_deref() {
            None | Some("" | "UTC" | "Etc/UTC") => TimeZone::UTC,
            Some(name) => TimeZone::get(name).map_err(|_| {
                Invalid::new(
                    "ScheduleExpressionTimezone",
                    format!("{name:?} must be the name of a time zone such as Europe/Berlin"),
                )
            })?,
        };
        Ok((cron, zone))
    }

    /// Minutes within which a job must start: AWS's default is eight hours.
    pub fn start_window(&self) -> i64 {
        self.start_window_minutes.unwrap_or(8 * 60)
    }

    /// Minutes within which a job must end: AWS's default is seven days.
    pub fn completion_window(&self) -> i64 {
        self.completion_window_minutes
            .unwrap_or_else(|| (7 * 24 * 60).max(self.start_window().saturating_add(60)))
    }

    /// Days that its points are kept; none for ever.
    pub fn keeps_days(&self) -> Option<i64> {
        self.lifecycle.as_ref().and_then(Lifecycle::delete_after)
    }

    /// It asks for continuous backups.
    pub fn continuous(&self) -> bool {
        self.enable_continuous_backup == Some(true)
    }

    /// Its copies.
    pub fn copies(&self) -> &[CopyAction] {
        self.copy_actions.as_deref().unwrap_or_default()
    }
}

/// A copy of each point into another vault (`CopyAction`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CopyAction {
    /// ARN of the vault.
    pub destination_backup_vault_arn: String,
    /// Lifecycle of the copies; it counts from the source's creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Lifecycle>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_plan_survives_reading_and_writing_with_fields_that_nobody_knows() -> serde_json::Result<()>
    {
        let plan = json!({
            "BackupPlanName": "gold",
            "AdvancedBackupSettings": [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}],
            "FromTheFuture": {"a": [1, 2.5, null]},
            "Rules": [{
                "RuleName": "daily",
                "TargetBackupVaultName": "Default",
                "ScheduleExpression": "cron(0 5 ? * * *)",
                "ScheduleExpressionTimezone": "Europe/Berlin",
                "StartWindowMinutes": 60,
                "RuleId": "r-1",
                "IndexActions": [{"ResourceTypes": ["S3"]}],
                "Lifecycle": {"DeleteAfterDays": 35, "DeleteAfterEvent": "DELETE_AFTER_COPY", "New": true},
                "RecoveryPointTags": {"team": "orders"},
                "EnableContinuousBackup": false,
                "CopyActions": [{
                    "DestinationBackupVaultArn": "arn:aws:backup:eu-central-1:123456789012:backup-vault:dr",
                    "Lifecycle": {"DeleteAfterDays": 400},
                    "Later": 1
                }]
            }]
        });
        let parsed: BackupPlan = serde_json::from_value(plan.clone())?;
        assert_eq!(serde_json::to_value(&parsed)?, plan);
        Ok(())
    }
}
