use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{BackupPlan, BackupRule, CopyAction, Lifecycle};
use crate::{Arn, Invalid, VaultName, schedule::AwsCron};

/// AWS Backup's shortest start window, in minutes.
const START_WINDOW: i64 = 60;

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
        let mut wrong = Vec::new();
        let name = &self.backup_plan_name;
        if !(1..=50).contains(&name.len())
            || !name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        {
            wrong.push(Invalid::new(
                "BackupPlanName",
                "must have 1 to 50 characters of letters, digits, -, _ and .",
            ));
        }
        if self.rules.is_empty() || self.rules.len() > Self::MAX_RULES {
            wrong.push(Invalid::new(
                "Rules",
                format!("must be 1 to {}", Self::MAX_RULES),
            ));
        }
        let mut names = BTreeSet::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let path = format!("Rules[{index}]");
            if !names.insert(&rule.rule_name) {
                wrong.push(Invalid::new(
                    format!("{path}.RuleName"),
                    "must be unique in the plan",
                ));
            }
            wrong.extend(rule.check().into_iter().map(|error| {
                let field = format!("{path}.{}", error.field);
                error.in_field(field)
            }));
        }
        wrong
    }
}

impl BackupRule {
    /// Copies per rule by AWS's default quota.
    pub const MAX_COPIES: usize = 5;

    /// Everything that AWS Backup would refuse about this rule.
    pub fn check(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        let name = &self.rule_name;
        if !(1..=50).contains(&name.len())
            || !name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        {
            wrong.push(Invalid::new(
                "RuleName",
                "must have 1 to 50 characters of letters, digits, -, _ and .",
            ));
        }
        if let Err(error) = VaultName::parse(&self.target_backup_vault_name) {
            wrong.push(error.in_field("TargetBackupVaultName"));
        }
        let schedule = AwsCron::parse(self.schedule()).and_then(|cron| cron.check_for_backup());
        if let Err(error) = schedule {
            let rule = format!("{} {}", error.field, error.rule);
            wrong.push(Invalid::new("ScheduleExpression", rule));
        } else if let Err(error) = self.timing()
            // A browser has no time zones of its own to look in: the server checks the name.
            && !jiff::tz::db().is_definitively_empty()
        {
            wrong.push(error);
        }
        wrong.extend(self.check_windows());
        if let Some(lifecycle) = &self.lifecycle {
            wrong.extend(lifecycle.check().err().map(|e| under("Lifecycle", e)));
        }
        wrong.extend(self.check_continuous());
        if self.copies().len() > Self::MAX_COPIES {
            wrong.push(Invalid::new(
                "CopyActions",
                format!("must be at most {}", Self::MAX_COPIES),
            ));
        }
        for (index, copy) in self.copies().iter().enumerate() {
            wrong.extend(
                copy.check()
                    .map(|e| under(&format!("CopyActions[{index}]"), e)),
            );
        }
        wrong
    }

    fn check_windows(&self) -> Option<Invalid> {
        let start = self.start_window_minutes.unwrap_or(480);
        if start < START_WINDOW {
            return Some(Invalid::new(
                "StartWindowMinutes",
                format!("must be at least {START_WINDOW}"),
            ));
        }
        match self.completion_window_minutes {
            Some(end) if end < start.saturating_add(START_WINDOW) => Some(Invalid::new(
                "CompletionWindowMinutes",
                format!(
                    "must be at least {}: an hour more than StartWindowMinutes",
                    start.saturating_add(START_WINDOW)
                ),
            )),
            _ => None,
        }
    }

    fn check_continuous(&self) -> Option<Invalid> {
        if self.enable_continuous_backup != Some(true) {
            return None;
        }
        let lifecycle = self.lifecycle.clone().unwrap_or_default();
        let days = lifecycle.delete_after();
        if lifecycle.cold_after().is_some() {
            return Some(Invalid::new(
                "Lifecycle.MoveToColdStorageAfterDays",
                "must be absent: continuous backups do not move to cold storage",
            ));
        }
        days.is_none_or(|days| days > Lifecycle::CONTINUOUS_DAYS)
            .then(|| {
                Invalid::new(
                    "Lifecycle.DeleteAfterDays",
                    format!(
                        "must be at most {}: continuous backups reach no further back",
                        Lifecycle::CONTINUOUS_DAYS
                    ),
                )
            })
    }
}

impl CopyAction {
    fn check(&self) -> Option<Invalid> {
        let is_vault = Arn::parse(&self.destination_backup_vault_arn).is_ok_and(|arn| {
            arn.service() == "backup" && arn.resource().starts_with("backup-vault:")
        });
        if !is_vault {
            return Some(Invalid::new(
                "DestinationBackupVaultArn",
                "must be the ARN of a backup vault",
            ));
        }
        let lifecycle = self.lifecycle.as_ref()?;
        lifecycle.check().err().map(|e| under("Lifecycle", e))
    }
}

fn under(path: &str, error: Invalid) -> Invalid {
    let field = format!("{path}.{}", error.field);
    error.in_field(field)
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
