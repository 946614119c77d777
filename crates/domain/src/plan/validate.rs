use serde::{Deserialize, Serialize};

use super::{BackupPlan, BackupRule, Lifecycle, Refusal};
use crate::Invalid;

/// The limits of a vault lock that a rule's retention must keep, or each of its jobs fails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultLimits {
    /// Shortest retention in days.
    pub min_days: Option<i64>,
    /// Longest retention in days.
    pub max_days: Option<i64>,
}

impl VaultLimits {
    /// Whether points with this lifecycle may lie in the vault.
    pub fn check(&self, lifecycle: Option<&Lifecycle>) -> Result<(), Invalid> {
        let days = lifecycle.and_then(Lifecycle::delete_after);
        let refuse = |rule: String| Err(Invalid::new("DeleteAfterDays", rule));
        match (days, self.min_days, self.max_days) {
            (Some(days), Some(min), _) if days < min => refuse(format!(
                "must be at least {min}: the vault is locked to that, and every job would fail"
            )),
            (days, _, Some(max)) if days.is_none_or(|days| days > max) => refuse(format!(
                "must be at most {max}: the vault is locked to that, and every job would fail"
            )),
            _ => Ok(()),
        }
    }

    /// The retention that the lock allows, as something to do.
    pub(super) fn fix(&self) -> String {
        match (self.min_days, self.max_days) {
            (Some(min), Some(max)) => {
                format!("Keep the points for {min} to {max} days, or choose another vault.")
            }
            (Some(min), None) => {
                format!("Keep the points for {min} days or more, or choose another vault.")
            }
            (None, Some(max)) => {
                format!("Keep the points for {max} days or fewer, or choose another vault.")
            }
            (None, None) => "Choose another vault.".to_owned(),
        }
    }
}

impl BackupPlan {
    /// Rules per plan by AWS's default quota.
    pub const MAX_RULES: usize = 10;

    /// Everything that AWS Backup would refuse, each with the path of its field.
    pub fn check(&self) -> Vec<Invalid> {
        Refusal::of_plan(self)
            .into_iter()
            .map(|finding| Invalid::new(finding.field, finding.rule))
            .collect()
    }
}

impl BackupRule {
    /// Copies per rule by AWS's default quota.
    pub const MAX_COPIES: usize = 5;
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn numbers_at_the_end_of_the_scale_are_findings_and_no_panic() {
        let now = jiff::Timestamp::UNIX_EPOCH;
        for (start, end, days) in [
            (i64::MAX, i64::MAX, i64::MAX),
            (i64::MAX - 10, 60, i64::MAX),
            (i64::MIN, i64::MIN, i64::MIN),
            (60, i64::MAX, 36_500),
        ] {
            let rule = |name: &str| {
                json!({
                    "RuleName": name,
                    "TargetBackupVaultName": "Default",
                    "StartWindowMinutes": start,
                    "CompletionWindowMinutes": end,
                    "Lifecycle": {"DeleteAfterDays": days, "MoveToColdStorageAfterDays": days},
                })
            };
            let plan = json!({"BackupPlanName": "gold", "Rules": [rule("a"), rule("b")]});
            let Ok(plan) = serde_json::from_value::<BackupPlan>(plan) else {
                continue;
            };
            assert!(!plan.check().is_empty(), "{start} {end} {days}");
            let rules: Vec<&BackupRule> = plan.rules.iter().collect();
            let _ = crate::selection::windows_meet(&rules, now);
            let mut open = plan.rules[0].clone();
            open.completion_window_minutes = None;
            assert!(open.completion_window() >= 60);
        }
    }

    fn fields_of(change: fn(&mut Value)) -> Vec<String> {
        let mut plan = json!({
            "BackupPlanName": "gold",
            "Rules": [{
                "RuleName": "daily",
                "TargetBackupVaultName": "Default",
                "Lifecycle": {"DeleteAfterDays": 35},
                "CopyActions": [{"DestinationBackupVaultArn": "arn:aws:backup:eu-central-1:123456789012:backup-vault:dr"}]
            }]
        });
        change(&mut plan);
        serde_json::from_value::<BackupPlan>(plan)
            .map(|plan| plan.check().into_iter().map(|e| e.field).collect())
            .unwrap_or_default()
    }

    #[rstest]
    #[case("BackupPlanName", |p: &mut Value| p["BackupPlanName"] = json!("a b"))]
    #[case("Rules", |p: &mut Value| p["Rules"] = json!([]))]
    #[case("Rules[1].RuleName", |p: &mut Value| { let r = p["Rules"][0].clone(); p["Rules"] = json!([r.clone(), r]); })]
    #[case("Rules[0].TargetBackupVaultName", |p: &mut Value| p["Rules"][0]["TargetBackupVaultName"] = json!("x"))]
    #[case("Rules[0].ScheduleExpression", |p: &mut Value| p["Rules"][0]["ScheduleExpression"] = json!("cron(0 25 ? * * *)"))]
    #[case("Rules[0].ScheduleExpression", |p: &mut Value| p["Rules"][0]["ScheduleExpression"] = json!("cron(0/10 5 ? * * *)"))]
    #[case("Rules[0].ScheduleExpression", |p: &mut Value| p["Rules"][0]["ScheduleExpression"] = json!("rate(1 day)"))]
    #[case("Rules[0].StartWindowMinutes", |p: &mut Value| p["Rules"][0]["StartWindowMinutes"] = json!(59))]
    #[case("Rules[0].CompletionWindowMinutes", |p: &mut Value| { p["Rules"][0]["StartWindowMinutes"] = json!(60); p["Rules"][0]["CompletionWindowMinutes"] = json!(119); })]
    #[case("Rules[0].Lifecycle.DeleteAfterDays", |p: &mut Value| p["Rules"][0]["Lifecycle"] = json!({"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 100}))]
    #[case("Rules[0].Lifecycle.DeleteAfterDays", |p: &mut Value| { p["Rules"][0]["EnableContinuousBackup"] = json!(true); p["Rules"][0]["Lifecycle"] = json!({"DeleteAfterDays": 36}); })]
    #[case("Rules[0].Lifecycle.MoveToColdStorageAfterDays", |p: &mut Value| { p["Rules"][0]["EnableContinuousBackup"] = json!(true); p["Rules"][0]["Lifecycle"] = json!({"MoveToColdStorageAfterDays": 1}); })]
    #[case("Rules[0].CopyActions[0].DestinationBackupVaultArn", |p: &mut Value| p["Rules"][0]["CopyActions"][0]["DestinationBackupVaultArn"] = json!("arn:aws:s3:::bucket"))]
    #[case("Rules[0].CopyActions[0].Lifecycle.DeleteAfterDays", |p: &mut Value| p["Rules"][0]["CopyActions"][0]["Lifecycle"] = json!({"DeleteAfterDays": 0}))]
    #[case("Rules[0].CopyActions", |p: &mut Value| { let c = p["Rules"][0]["CopyActions"][0].clone(); p["Rules"][0]["CopyActions"] = json!([c, c, c, c, c, c]); })]
    fn what_aws_would_refuse_is_named_by_its_path(
        #[case] field: &str,
        #[case] change: fn(&mut Value),
    ) {
        assert_eq!(fields_of(change), [field]);
    }

    #[test]
    fn a_right_plan_has_nothing_wrong() {
        assert!(fields_of(|_| {}).is_empty());
    }

    #[test]
    fn a_locked_vault_refuses_retention_outside_its_limits() {
        let limits = VaultLimits {
            min_days: Some(30),
            max_days: Some(60),
        };
        let keep = |days| Lifecycle {
            delete_after_days: days,
            ..Lifecycle::default()
        };
        assert!(limits.check(Some(&keep(Some(29)))).is_err());
        assert!(limits.check(Some(&keep(Some(30)))).is_ok());
        assert!(limits.check(Some(&keep(Some(61)))).is_err());
        assert!(limits.check(Some(&keep(None))).is_err());
        assert!(limits.check(None).is_err());
    }
}
