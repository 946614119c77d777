use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "UpdateBackupPlan",
    method: "POST",
    paths: &["/backup/plans/{backupPlanId}"],
    target: Target::Plan,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let plan = call.engine.update_plan(
        &call.scope,
        &call.required("backupPlanId")?,
        call.required_document("BackupPlan")?,
        call.now,
    )?;
    Ok(json::plan_made(&plan))
}
