use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DeleteBackupVaultAccessPolicy",
    method: "DELETE",
    paths: &["/backup-vaults/{backupVaultName}/access-policy"],
    target: Target::Vault,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine
        .delete_access_policy(&call.scope, &call.required("backupVaultName")?)?;
    Ok(object!({}))
}
