use serde_json::{Value, json as object};

use crate::{
    CreateVault,
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "CreateLogicallyAirGappedBackupVault",
    method: "PUT",
    paths: &["/logically-air-gapped-backup-vaults/{backupVaultName}"],
    target: Target::Vault,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let min = call
        .integer("MinRetentionDays")?
        .ok_or_else(|| BackupError::missing("MinRetentionDays"))?;
    let max = call
        .integer("MaxRetentionDays")?
        .ok_or_else(|| BackupError::missing("MaxRetentionDays"))?;
    let vault = call.engine.create_vault(
        &call.scope,
        CreateVault {
            name: call.required("backupVaultName")?,
            encryption_key_arn: call.text("EncryptionKeyArn"),
            creator_request_id: call.text("CreatorRequestId"),
            tags: call.map("BackupVaultTags")?,
            air_gapped: Some((min, max)),
        },
        call.now,
    )?;
    Ok(object!({
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "CreationDate": json::epoch(vault.created),
        "VaultState": "AVAILABLE",
    }))
}
