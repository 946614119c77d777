use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "UpdateGlobalSettings",
    method: "PUT",
    paths: &["/global-settings"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine
        .update_global_settings(&call.scope, &call.map("GlobalSettings")?, call.now)?;
    Ok(object!({}))
}
