use super::super::{BackupPlan, Finding};

/// What AWS Backup would refuse whatever else is known.
pub(super) fn findings(plan: &BackupPlan) -> Vec<Finding> {
    plan.check()
        .into_iter()
        .map(|invalid| {
            let fix = fix(&invalid.field, &invalid.rule);
            Finding::error(invalid.field, invalid.rule, fix)
        })
        .collect()
}

/// What to do about a field that breaks a rule of AWS Backup.
fn fix(field: &str, rule: &str) -> &'static str {
    let leaf = field.rsplit('.').next().unwrap_or(field);
    match leaf {
        "BackupPlanName" | "RuleName" => "Write a short name without spaces.",
        "TargetBackupVaultName" => "Choose one of the account's vaults.",
        "ScheduleExpression" => "Write the time as in cron(0 5 ? * * *), which is 05:00 every day.",
        "ScheduleExpressionTimezone" => "Choose a zone such as Europe/Berlin, or UTC.",
        "StartWindowMinutes" => "Give jobs an hour or more to start; 480 is AWS's default.",
        "CompletionWindowMinutes" => "Lengthen it; 10080 minutes (7 days) is AWS's default.",
        "DeleteAfterDays" if rule.contains("90") => {
            "Keep the points longer, or move them to cold storage earlier or never."
        }
        "DeleteAfterDays" if rule.contains("continuous") => {
            "Keep continuous points for 1 to 35 days, and add a rule with snapshots for more."
        }
        "DeleteAfterDays" | "MoveToColdStorageAfterDays" => {
            "Write a number of days, or leave it empty for never."
        }
        "DestinationBackupVaultArn" => {
            "Choose a vault, or paste an ARN such as arn:aws:backup:eu-central-1:123456789012:backup-vault:name."
        }
        "CopyActions" => {
            "Copy further from the copies, by another plan, or ask AWS for a higher quota."
        }
        _ => "Add at least one rule; divide more than ten among several plans.",
    }
}
