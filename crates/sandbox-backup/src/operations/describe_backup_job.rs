use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DescribeBackupJob",
    method: "GET",
    paths: &["/backup-jobs/{backupJobId}"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let job = call
        .engine
        .describe_backup_job(&call.scope, &call.required("backupJobId")?)?;
    Ok(json::backup_job(&job, call.now))
}
