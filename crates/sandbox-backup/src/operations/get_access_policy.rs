use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "GetBackupVaultAccessPolicy",
    method: "GET",
    paths: &["/backup-vaults/{backupVaultName}/access-policy"],
    target: Target::Vault,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let vault = call
        .engine
        .describe_vault(&call.scope, &call.required("backupVaultName")?)?;
    let policy = vault.access_policy.ok_or_else(|| {
        BackupError::not_found(format!("Backup vault {} has no access policy", vault.name))
    })?;
    Ok(object!({
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "Policy": policy,
    }))
}
