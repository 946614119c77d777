use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "StopBackupJob",
    method: "POST",
    paths: &["/backup-jobs/{backupJobId}"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine
        .stop_backup_job(&call.scope, &call.required("backupJobId")?, call.now)?;
    Ok(object!({}))
}
