use serde_json::{Value, json as object};

use crate::{
    StartBackupJob,
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "StartBackupJob",
    method: "PUT",
    paths: &["/backup-jobs", "/backup-jobs/"],
    target: Target::VaultInBody,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let job = call.engine.start_backup_job(
        &call.scope,
        StartBackupJob {
            vault: call.required("BackupVaultName")?,
            resource_arn: call.required("ResourceArn")?,
            iam_role_arn: call.required("IamRoleArn")?,
            idempotency_token: call.text("IdempotencyToken"),
            start_window_minutes: call.integer("StartWindowMinutes")?,
            complete_window_minutes: call.integer("CompleteWindowMinutes")?,
            lifecycle: call.document("Lifecycle")?.unwrap_or_default(),
            tags: call.map("RecoveryPointTags")?,
            options: call.map("BackupOptions")?,
        },
        call.now,
    )?;
    Ok(json::present(object!({
        "BackupJobId": job.id,
        "RecoveryPointArn": job.point_arn,
        "CreationDate": json::epoch(job.created),
        "IsParent": false,
    })))
}
