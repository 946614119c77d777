use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DescribeRestoreJob",
    method: "GET",
    paths: &["/restore-jobs/{restoreJobId}"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let job = call
        .engine
        .describe_restore_job(&call.scope, &call.required("restoreJobId")?)?;
    Ok(json::restore_job(&job, call.now))
}
