use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ExportBackupPlanTemplate",
    method: "GET",
    paths: &[
        "/backup/plans/{backupPlanId}/toTemplate",
        "/backup/plans/{backupPlanId}/toTemplate/",
    ],
    target: Target::Plan,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let (_, version) = call
        .engine
        .plan(&call.scope, &call.required("backupPlanId")?, None)?;
    let mut document = version.document;
    for rule in &mut document.rules {
        rule.rule_id = None;
    }
    let text = serde_json::to_string(&document)
        .map_err(|error| BackupError::request(error.to_string()))?;
    Ok(object!({ "BackupPlanTemplateJson": text }))
}
