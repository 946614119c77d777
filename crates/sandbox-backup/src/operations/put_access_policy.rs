use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "PutBackupVaultAccessPolicy",
    method: "PUT",
    paths: &["/backup-vaults/{backupVaultName}/access-policy"],
    target: Target::Vault,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine.put_access_policy(
        &call.scope,
        &call.required("backupVaultName")?,
        &call.required("Policy")?,
    )?;
    Ok(object!({}))
}
