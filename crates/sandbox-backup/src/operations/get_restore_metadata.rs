use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "GetRecoveryPointRestoreMetadata",
    method: "GET",
    paths: &[
        "/backup-vaults/{backupVaultName}/recovery-points/{recoveryPointArn}/restore-metadata",
    ],
    target: Target::Point,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let (point, metadata) = call.engine.restore_metadata(
        &call.scope,
        &call.required("backupVaultName")?,
        &call.required("recoveryPointArn")?,
    )?;
    Ok(object!({
        "BackupVaultArn": point.vault_arn,
        "RecoveryPointArn": point.arn,
        "RestoreMetadata": metadata,
        "ResourceType": point.resource_type,
    }))
}
