use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListBackupVaults",
    method: "GET",
    paths: &["/backup-vaults"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let vaults = call.engine.list_vaults(
        &call.scope,
        call.text("vaultType").as_deref(),
        &call.page()?,
    );
    Ok(json::page("BackupVaultList", &vaults, json::vault))
}
