use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DeleteBackupVault",
    method: "DELETE",
    paths: &["/backup-vaults/{backupVaultName}"],
    target: Target::Vault,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine
        .delete_vault(&call.scope, &call.required("backupVaultName")?)?;
    Ok(object!({}))
}
