use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DeleteRecoveryPoint",
    method: "DELETE",
    paths: &["/backup-vaults/{backupVaultName}/recovery-points/{recoveryPointArn}"],
    target: Target::Point,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine.delete_point(
        &call.scope,
        &call.required("backupVaultName")?,
        &call.required("recoveryPointArn")?,
    )?;
    Ok(object!({}))
}
