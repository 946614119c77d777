use serde_json::{Value, json as object};

use crate::{
    CreateVault,
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "CreateBackupVault",
    method: "PUT",
    paths: &["/backup-vaults/{backupVaultName}"],
    target: Target::Vault,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let vault = call.engine.create_vault(
        &call.scope,
        CreateVault {
            name: call.required("backupVaultName")?,
            encryption_key_arn: call.text("EncryptionKeyArn"),
            creator_request_id: call.text("CreatorRequestId"),
            tags: call.map("BackupVaultTags")?,
            air_gapped: None,
        },
        call.now,
    )?;
    Ok(object!({
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "CreationDate": json::epoch(vault.created),
    }))
}
