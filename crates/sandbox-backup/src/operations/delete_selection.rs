use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DeleteBackupSelection",
    method: "DELETE",
    paths: &["/backup/plans/{backupPlanId}/selections/{selectionId}"],
    target: Target::Plan,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine.delete_selection(
        &call.scope,
        &call.required("backupPlanId")?,
        &call.required("selectionId")?,
        call.now,
    )?;
    Ok(object!({}))
}
