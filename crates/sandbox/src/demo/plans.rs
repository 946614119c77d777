use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_sandbox_backup::{
    BackupEngine, BackupError, CreatePlan,
    model::{Plan, PlanDocument, SelectionDocument},
};

use super::{
    accounts::{DENYING, DemoAccount, FRANKFURT, IRELAND, MEDIA, ORDERS, RECOVERY},
    vaults::{scope, vault_arn},
};

fn document(name: &str, rules: Value) -> Result<PlanDocument, BackupError> {
    serde_json::from_value(json!({"BackupPlanName": name, "Rules": rules})).map_err(|error| {
        BackupError {
            kind: tidemark_sandbox_backup::ErrorKind::InvalidParameter,
            message: error.to_string(),
            arn: None,
        }
    })
}

/// A plan for whatever carries the tag `backup=<tag>`.
fn plan(
    backup: &BackupEngine,
    account: &DemoAccount,
    name: &str,
    tag: &str,
    rules: Value,
    now: Timestamp,
) -> Result<Plan, BackupError> {
    let scope = scope(account, IRELAND);
    let plan = backup.create_plan(
        &scope,
        CreatePlan {
            document: document(name, rules)?,
            tags: BTreeMap::new(),
            creator_request_id: None,
        },
        now,
    )?;
    let selection: SelectionDocument = serde_json::from_value(json!({
        "SelectionName": format!("tagged-{tag}"),
        "IamRoleArn": account.backup_role_arn(),
        "ListOfTags": [{
            "ConditionType": "STRINGEQUALS",
            "ConditionKey": "backup",
            "ConditionValue": tag,
        }],
    }))
    .unwrap_or_default();
    backup.create_selection(&scope, &plan.id, selection, None, now)?;
    Ok(plan)
}

/// The plans that ran for the whole 400 days.
pub(super) fn make_first(backup: &BackupEngine, now: Timestamp) -> Result<(), BackupError> {
    plan(
        backup,
        &ORDERS,
        "orders-daily",
        "daily",
        json!([{
            "RuleName": "daily",
            "TargetBackupVaultName": "orders-main",
            "ScheduleExpression": "cron(0 5 ? * * *)",
            "ScheduleExpressionTimezone": "Europe/Berlin",
            "StartWindowMinutes": 120,
            "CompletionWindowMinutes": 720,
            "Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 365},
        }, {
            "RuleName": "weekly-archive",
            "TargetBackupVaultName": "orders-archive",
            "ScheduleExpression": "cron(30 6 ? * SUN *)",
            "Lifecycle": {"MoveToColdStorageAfterDays": 7, "DeleteAfterDays": 1_825},
        }, {
            "RuleName": "weekly-to-dr",
            "TargetBackupVaultName": "orders-main",
            "ScheduleExpression": "cron(0 10 ? * WED *)",
            "Lifecycle": {"DeleteAfterDays": 35},
            "CopyActions": [{
                "DestinationBackupVaultArn": vault_arn(&RECOVERY, FRANKFURT, "dr-locked"),
                "Lifecycle": {"DeleteAfterDays": 90},
            }, {
                "DestinationBackupVaultArn": vault_arn(&ORDERS, FRANKFURT, "orders-copies"),
                "Lifecycle": {"DeleteAfterDays": 60},
            }],
        }]),
        now,
    )?;
    plan(
        backup,
        &MEDIA,
        "media-nightly",
        "nightly",
        json!([{
            "RuleName": "nightly",
            "TargetBackupVaultName": "media-main",
            "ScheduleExpression": "cron(30 2 ? * * *)",
            "ScheduleExpressionTimezone": "Europe/Dublin",
            "StartWindowMinutes": 60,
            "CompletionWindowMinutes": 480,
            "Lifecycle": {"DeleteAfterDays": 35},
        }, {
            "RuleName": "monthly",
            "TargetBackupVaultName": "media-main",
            "ScheduleExpression": "cron(0 12 1 * ? *)",
            "Lifecycle": {"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 730},
            "CopyActions": [{
                "DestinationBackupVaultArn": vault_arn(&MEDIA, FRANKFURT, "media-copies"),
            }],
        }]),
        now,
    )?;
    plan(
        backup,
        &DENYING,
        "erp",
        "daily",
        json!([{"RuleName": "daily", "TargetBackupVaultName": "erp-main"}]),
        now,
    )?;
    Ok(())
}

/// A copy rule that nobody noticed to fail, for the last months.
pub(super) fn make_failing_copies(
    backup: &BackupEngine,
    now: Timestamp,
) -> Result<(), BackupError> {
    plan(
        backup,
        &MEDIA,
        "media-to-dr",
        "nightly",
        json!([{
            "RuleName": "weekly",
            "TargetBackupVaultName": "media-main",
            "ScheduleExpression": "cron(0 14 ? * SAT *)",
            "Lifecycle": {"DeleteAfterDays": 14},
            "CopyActions": [{
                "DestinationBackupVaultArn": vault_arn(&RECOVERY, FRANKFURT, "dr-unshared"),
            }],
        }]),
        now,
    )
    .map(|_| ())
}

/// Continuous backups and hourly snapshots, for the last weeks.
pub(super) fn make_last(backup: &BackupEngine, now: Timestamp) -> Result<(), BackupError> {
    plan(
        backup,
        &MEDIA,
        "media-continuous",
        "nightly",
        json!([{
            "RuleName": "continuous",
            "TargetBackupVaultName": "media-continuous",
            "ScheduleExpression": "cron(0 0 ? * * *)",
            "EnableContinuousBackup": true,
            "Lifecycle": {"DeleteAfterDays": 35},
        }]),
        now,
    )?;
    plan(
        backup,
        &ORDERS,
        "carts-hourly",
        "hourly",
        json!([{
            "RuleName": "hourly",
            "TargetBackupVaultName": "orders-hourly",
            "ScheduleExpression": "cron(0 * ? * * *)",
            "StartWindowMinutes": 60,
            "Lifecycle": {"DeleteAfterDays": 7},
        }]),
        now,
    )?;
    Ok(())
}
