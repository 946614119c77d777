use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListProtectedResourcesByBackupVault",
    method: "GET",
    paths: &[
        "/backup-vaults/{backupVaultName}/resources",
        "/backup-vaults/{backupVaultName}/resources/",
    ],
    target: Target::Vault,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let vault = call.required("backupVaultName")?;
    let resources = call
        .engine
        .list_protected(&call.scope, Some(&vault), &call.page()?)?;
    Ok(json::page("Results", &resources, json::protected))
}
