use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "GetRestoreJobMetadata",
    method: "GET",
    paths: &["/restore-jobs/{restoreJobId}/metadata"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let job = call
        .engine
        .describe_restore_job(&call.scope, &call.required("restoreJobId")?)?;
    Ok(object!({ "RestoreJobId": job.id, "Metadata": job.metadata }))
}
