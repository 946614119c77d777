use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DescribeBackupVault",
    method: "GET",
    paths: &["/backup-vaults/{backupVaultName}"],
    target: Target::Vault,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let vault = call
        .engine
        .describe_vault(&call.scope, &call.required("backupVaultName")?)?;
    Ok(json::vault(&vault))
}
