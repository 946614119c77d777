//! The shapes of the API model.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::call::token;
use crate::{
    ProtectedResource,
    model::{
        BackupJob, CalculatedLifecycle, CopyJob, HoldSelection, LegalHold, Page, Plan, PlanVersion,
        RecoveryPoint, RestoreJob, StoredSelection, Vault,
    },
};

/// Seconds since 1970 with milliseconds, as the service writes moments.
pub(crate) fn epoch(moment: Timestamp) -> Value {
    let ms = moment.as_millisecond();
    if ms % 1_000 == 0 {
        return json!(ms / 1_000);
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds until the year 9999 fit 53 bits"
    )]
    let seconds = ms as f64 / 1_000.0;
    json!(seconds)
}

fn maybe(moment: Option<Timestamp>) -> Value {
    moment.map_or(Value::Null, epoch)
}

/// Drops members without a value: the service leaves them out.
pub(crate) fn present(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .collect::<Map<_, _>>(),
        ),
        other => other,
    }
}

/// A page of a list, under the member that the operation names.
pub(crate) fn page<T>(member: &str, page: &Page<T>, shape: impl Fn(&T) -> Value) -> Value {
    let mut out = Map::new();
    out.insert(member.to_owned(), page.items.iter().map(shape).collect());
    if let Some(next) = &page.next {
        out.insert("NextToken".to_owned(), token(next).into());
    }
    Value::Object(out)
}

fn key_type(aws_managed: bool) -> &'static str {
    if aws_managed {
        "AWS_OWNED_KMS_KEY"
    } else {
        "CUSTOMER_MANAGED_KMS_KEY"
    }
}

pub(crate) fn vault(vault: &Vault) -> Value {
    let lock = vault.lock.as_ref();
    present(json!({
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "VaultType": vault.vault_type.as_str(),
        "VaultState": "AVAILABLE",
        "CreationDate": epoch(vault.created),
        "EncryptionKeyArn": vault.encryption_key_arn,
        "EncryptionKeyType": key_type(vault.aws_managed_key),
        "CreatorRequestId": vault.creator_request_id,
        "NumberOfRecoveryPoints": vault.point_count,
        "Locked": lock.is_some(),
        "MinRetentionDays": lock.and_then(|lock| lock.min_retention_days),
        "MaxRetentionDays": lock.and_then(|lock| lock.max_retention_days),
        "LockDate": maybe(lock.and_then(|lock| lock.lock_date)),
    }))
}

pub(crate) fn calculated(dates: CalculatedLifecycle) -> Value {
    present(json!({
        "MoveToColdStorageAt": maybe(dates.move_to_cold_storage_at),
        "DeleteAt": maybe(dates.delete_at),
    }))
}

/// `RecoveryPointByBackupVault`, and with `StorageClass` the answer of `DescribeRecoveryPoint`.
pub(crate) fn point(point: &RecoveryPoint) -> Value {
    present(json!({
        "RecoveryPointArn": point.arn,
        "BackupVaultName": point.vault,
        "BackupVaultArn": point.vault_arn,
        "SourceBackupVaultArn": point.source_vault_arn,
        "ResourceArn": point.resource_arn,
        "ResourceType": point.resource_type,
        "ResourceName": point.resource_name,
        "CreatedBy": point.created_by,
        "IamRoleArn": point.iam_role_arn,
        "Status": point.status.as_str(),
        "StatusMessage": point.status_message,
        "CreationDate": epoch(point.created),
        "InitiationDate": epoch(point.initiated),
        "CompletionDate": maybe(point.completed),
        "BackupSizeInBytes": point.size_bytes,
        "CalculatedLifecycle": calculated(point.calculated_lifecycle()),
        "Lifecycle": point.lifecycle,
        "EncryptionKeyArn": point.encryption_key_arn,
        "IsEncrypted": point.encryption_key_arn.is_some(),
        "EncryptionKeyType": point.encryption_key_arn.as_ref().map(|_| key_type(point.aws_managed_key)),
        "LastRestoreTime": maybe(point.last_restore),
        "IsParent": false,
        "VaultType": point.vault_type.as_str(),
    }))
}

pub(crate) fn point_by_resource(point: &RecoveryPoint) -> Value {
    present(json!({
        "RecoveryPointArn": point.arn,
        "CreationDate": epoch(point.created),
        "Status": point.status.as_str(),
        "StatusMessage": point.status_message,
        "EncryptionKeyArn": point.encryption_key_arn,
        "EncryptionKeyType": point.encryption_key_arn.as_ref().map(|_| key_type(point.aws_managed_key)),
        "BackupSizeBytes": point.size_bytes,
        "BackupVaultName": point.vault,
        "IsParent": false,
        "ResourceName": point.resource_name,
        "VaultType": point.vault_type.as_str(),
    }))
}

/// `PercentDone` is text with one decimal.
fn percent(value: f64) -> String {
    format!("{value:.1}")
}

pub(crate) fn backup_job(job: &BackupJob, now: Timestamp) -> Value {
    present(json!({
        "AccountId": job.scope.account,
        "BackupJobId": job.id,
        "BackupVaultName": job.vault,
        "BackupVaultArn": job.vault_arn,
        "VaultType": "BACKUP_VAULT",
        "RecoveryPointArn": job.point_arn,
        "RecoveryPointLifecycle": job.lifecycle,
        "ResourceArn": job.resource_arn,
        "ResourceType": job.resource_type,
        "ResourceName": job.resource_name,
        "CreationDate": epoch(job.created),
        "InitiationDate": maybe(job.started),
        "CompletionDate": maybe(job.completed),
        "ExpectedCompletionDate": maybe(job.finish_at),
        "StartBy": epoch(job.start_by),
        "State": job.state.as_str(),
        "StatusMessage": job.message,
        "MessageCategory": job.message_category(),
        "PercentDone": percent(job.percent_done(now)),
        "BackupSizeInBytes": job.size_bytes,
        "BytesTransferred": job.size_bytes,
        "IamRoleArn": job.iam_role_arn,
        "CreatedBy": job.created_by,
        "BackupOptions": if job.options.is_empty() { Value::Null } else { json!(job.options) },
        "BackupType": if job.continuous { json!("CONTINUOUS") } else { json!("SNAPSHOT") },
        "IsParent": false,
    }))
}

pub(crate) fn copy_job(job: &CopyJob) -> Value {
    present(json!({
        "AccountId": job.scope.account,
        "CopyJobId": job.id,
        "SourceBackupVaultArn": job.source_vault_arn,
        "SourceRecoveryPointArn": job.source_point_arn,
        "DestinationBackupVaultArn": job.destination_vault_arn,
        "DestinationRecoveryPointArn": job.destination_point_arn,
        "DestinationRecoveryPointLifecycle": job.lifecycle,
        "ResourceArn": job.resource_arn,
        "ResourceType": job.resource_type,
        "ResourceName": job.resource_name,
        "CreationDate": epoch(job.created),
        "CompletionDate": maybe(job.completed),
        "State": job.state.as_str(),
        "StatusMessage": job.message,
        "MessageCategory": job.message_category(),
        "BackupSizeInBytes": job.size_bytes,
        "IamRoleArn": job.iam_role_arn,
        "CreatedBy": job.created_by,
        "CreatedByBackupJobId": job.created_by_backup_job,
        "IsParent": false,
    }))
}

pub(crate) fn restore_job(job: &RestoreJob, now: Timestamp) -> Value {
    let minutes = match (job.started, job.finish_at) {
        (Some(started), Some(finish)) => {
            json!((finish.duration_since(started).as_secs() + 59) / 60)
        }
        _ => Value::Null,
    };
    present(json!({
        "AccountId": job.scope.account,
        "RestoreJobId": job.id,
        "RecoveryPointArn": job.point_arn,
        "RecoveryPointCreationDate": epoch(job.point_created),
        "SourceResourceArn": job.source_resource_arn,
        "BackupVaultArn": job.vault_arn,
        "ResourceType": job.resource_type,
        "CreationDate": epoch(job.created),
        "CompletionDate": maybe(job.completed),
        "Status": job.state.as_str(),
        "StatusMessage": job.message,
        "PercentDone": percent(job.percent_done(now)),
        "BackupSizeInBytes": job.size_bytes,
        "IamRoleArn": job.iam_role_arn,
        "ExpectedCompletionTimeMinutes": minutes,
        "CreatedResourceArn": job.created_resource_arn,
        "IsParent": false,
    }))
}

pub(crate) fn protected(resource: &ProtectedResource) -> Value {
    json!({
        "ResourceArn": resource.resource_arn,
        "ResourceType": resource.resource_type,
        "ResourceName": resource.resource_name,
        "LastBackupTime": epoch(resource.last_backup),
        "LastBackupVaultArn": resource.last_vault_arn,
        "LastRecoveryPointArn": resource.last_point_arn,
    })
}

fn advanced_settings(version: Option<&PlanVersion>) -> Value {
    version
        .and_then(|version| version.document.rest.get("AdvancedBackupSettings"))
        .cloned()
        .unwrap_or_default()
}

/// `BackupPlansListMember` of one version.
pub(crate) fn plan(plan: &Plan, version: Option<&PlanVersion>) -> Value {
    present(json!({
        "BackupPlanArn": plan.arn,
        "BackupPlanId": plan.id,
        "BackupPlanName": version.map(|version| &version.document.backup_plan_name),
        "VersionId": version.map(|version| &version.version_id),
        "CreationDate": epoch(version.map_or(plan.created, |version| version.created)),
        "DeletionDate": maybe(plan.deleted),
        "LastExecutionDate": maybe(plan.last_execution),
        "CreatorRequestId": plan.creator_request_id,
        "AdvancedBackupSettings": advanced_settings(version),
    }))
}

/// Answer of `CreateBackupPlan` and `UpdateBackupPlan`.
pub(crate) fn plan_made(plan: &Plan) -> Value {
    let version = plan.current();
    present(json!({
        "BackupPlanId": plan.id,
        "BackupPlanArn": plan.arn,
        "CreationDate": epoch(version.map_or(plan.created, |version| version.created)),
        "VersionId": version.map(|version| &version.version_id),
        "AdvancedBackupSettings": advanced_settings(version),
    }))
}

/// `BackupSelectionsListMember`.
pub(crate) fn selection(plan_id: &str, selection: &StoredSelection) -> Value {
    present(json!({
        "SelectionId": selection.id,
        "SelectionName": selection.document.selection_name,
        "BackupPlanId": plan_id,
        "CreationDate": epoch(selection.created),
        "CreatorRequestId": selection.creator_request_id,
        "IamRoleArn": selection.document.iam_role_arn,
    }))
}

fn hold_selection(selection: &HoldSelection) -> Value {
    present(json!({
        "VaultNames": selection.vault_names,
        "ResourceIdentifiers": selection.resource_identifiers,
        "DateRange": selection.date_range.map(|(from, to)| json!({
            "FromDate": epoch(from),
            "ToDate": epoch(to),
        })),
    }))
}

/// `LegalHold`, the list's member.
pub(crate) fn legal_hold(hold: &LegalHold) -> Value {
    present(json!({
        "Title": hold.title,
        "Status": hold.status.as_str(),
        "Description": hold.description,
        "LegalHoldId": hold.id,
        "LegalHoldArn": hold.arn,
        "CreationDate": epoch(hold.created),
        "CancellationDate": maybe(hold.canceled),
    }))
}

/// The whole of a hold.
pub(crate) fn legal_hold_whole(hold: &LegalHold) -> Value {
    let mut whole = legal_hold(hold);
    if let Value::Object(members) = &mut whole {
        members.insert(
            "RecoveryPointSelection".to_owned(),
            hold_selection(&hold.selection),
        );
        if let Some(why) = &hold.cancel_description {
            members.insert("CancelDescription".to_owned(), why.clone().into());
        }
        if let Some(until) = hold.retain_record_until {
            members.insert("RetainRecordUntil".to_owned(), epoch(until));
        }
    }
    whole
}
