use serde_json::{Value, json as object};

use crate::{
    StartCopyJob,
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "StartCopyJob",
    method: "PUT",
    paths: &["/copy-jobs", "/copy-jobs/"],
    target: Target::PointInBody,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let job = call.engine.start_copy_job(
        &call.scope,
        StartCopyJob {
            point_arn: call.required("RecoveryPointArn")?,
            source_vault: call.required("SourceBackupVaultName")?,
            destination_vault_arn: call.required("DestinationBackupVaultArn")?,
            iam_role_arn: call.required("IamRoleArn")?,
            idempotency_token: call.text("IdempotencyToken"),
            lifecycle: call.document("Lifecycle")?,
        },
        call.now,
    )?;
    Ok(object!({
        "CopyJobId": job.id,
        "CreationDate": json::epoch(job.created),
        "IsParent": false,
    }))
}
