use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    model::PlanDocument,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "GetBackupPlanFromJSON",
    method: "POST",
    paths: &["/backup/template/json/toPlan"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let text = call.required("BackupPlanTemplateJson")?;
    let plan: PlanDocument = serde_json::from_str(&text)
        .map_err(|error| BackupError::invalid(format!("Invalid backup plan template: {error}")))?;
    Ok(object!({ "BackupPlan": plan }))
}
