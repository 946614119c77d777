use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "GetBackupSelection",
    method: "GET",
    paths: &["/backup/plans/{backupPlanId}/selections/{selectionId}"],
    target: Target::Plan,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let plan_id = call.required("backupPlanId")?;
    let selection = call
        .engine
        .selection(&call.scope, &plan_id, &call.required("selectionId")?)?;
    Ok(json::present(object!({
        "BackupSelection": selection.document,
        "SelectionId": selection.id,
        "BackupPlanId": plan_id,
        "CreationDate": json::epoch(selection.created),
        "CreatorRequestId": selection.creator_request_id,
    })))
}
