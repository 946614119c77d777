use serde_json::{Value, json as object};

use crate::{
    StartRestoreJob,
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "StartRestoreJob",
    method: "PUT",
    paths: &["/restore-jobs", "/restore-jobs/"],
    target: Target::PointInBody,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let job = call.engine.start_restore_job(
        &call.scope,
        StartRestoreJob {
            point_arn: call.required("RecoveryPointArn")?,
            metadata: call.required_document("Metadata")?,
            iam_role_arn: call.text("IamRoleArn"),
            idempotency_token: call.text("IdempotencyToken"),
            resource_type: call.text("ResourceType"),
        },
        call.now,
    )?;
    Ok(object!({ "RestoreJobId": job.id }))
}
