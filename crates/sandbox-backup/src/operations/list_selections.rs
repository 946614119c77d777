use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListBackupSelections",
    method: "GET",
    paths: &[
        "/backup/plans/{backupPlanId}/selections",
        "/backup/plans/{backupPlanId}/selections/",
    ],
    target: Target::Plan,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let plan_id = call.required("backupPlanId")?;
    let selections = call
        .engine
        .list_selections(&call.scope, &plan_id, &call.page()?)?;
    Ok(json::page(
        "BackupSelectionsList",
        &selections,
        |selection| json::selection(&plan_id, selection),
    ))
}
