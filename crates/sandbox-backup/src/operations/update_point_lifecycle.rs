use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    model::Lifecycle,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "UpdateRecoveryPointLifecycle",
    method: "POST",
    paths: &["/backup-vaults/{backupVaultName}/recovery-points/{recoveryPointArn}"],
    target: Target::Point,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let lifecycle: Lifecycle = call.document("Lifecycle")?.unwrap_or_default();
    let point = call.engine.update_lifecycle(
        &call.scope,
        &call.required("backupVaultName")?,
        &call.required("recoveryPointArn")?,
        lifecycle,
        call.now,
    )?;
    Ok(object!({
        "BackupVaultArn": point.vault_arn,
        "RecoveryPointArn": point.arn,
        "Lifecycle": point.lifecycle,
        "CalculatedLifecycle": json::calculated(point.calculated_lifecycle()),
    }))
}
