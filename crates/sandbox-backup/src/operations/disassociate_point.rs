use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DisassociateRecoveryPoint",
    method: "POST",
    paths: &["/backup-vaults/{backupVaultName}/recovery-points/{recoveryPointArn}/disassociate"],
    target: Target::Point,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine.disassociate_point(
        &call.scope,
        &call.required("backupVaultName")?,
        &call.required("recoveryPointArn")?,
    )?;
    Ok(object!({}))
}
