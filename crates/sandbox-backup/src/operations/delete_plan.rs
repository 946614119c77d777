use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DeleteBackupPlan",
    method: "DELETE",
    paths: &["/backup/plans/{backupPlanId}"],
    target: Target::Plan,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let plan = call
        .engine
        .delete_plan(&call.scope, &call.required("backupPlanId")?, call.now)?;
    Ok(object!({
        "BackupPlanId": plan.id,
        "BackupPlanArn": plan.arn,
        "DeletionDate": json::epoch(call.now),
        "VersionId": plan.current().map(|version| &version.version_id),
    }))
}
