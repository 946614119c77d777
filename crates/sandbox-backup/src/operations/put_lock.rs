use serde_json::{Value, json as object};

use crate::{
    LockRequest,
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "PutBackupVaultLockConfiguration",
    method: "PUT",
    paths: &["/backup-vaults/{backupVaultName}/vault-lock"],
    target: Target::Vault,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine.put_lock(
        &call.scope,
        &call.required("backupVaultName")?,
        LockRequest {
            min_retention_days: call.integer("MinRetentionDays")?,
            max_retention_days: call.integer("MaxRetentionDays")?,
            changeable_for_days: call.integer("ChangeableForDays")?,
        },
        call.now,
    )?;
    Ok(object!({}))
}
