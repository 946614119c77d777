use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "CreateBackupSelection",
    method: "PUT",
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
    let selection = call.engine.create_selection(
        &call.scope,
        &plan_id,
        call.required_document("BackupSelection")?,
        call.text("CreatorRequestId"),
        call.now,
    )?;
    Ok(object!({
        "SelectionId": selection.id,
        "BackupPlanId": plan_id,
        "CreationDate": json::epoch(selection.created),
    }))
}
