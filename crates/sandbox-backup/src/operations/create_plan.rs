use serde_json::Value;

use crate::{
    CreatePlan,
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "CreateBackupPlan",
    method: "PUT",
    paths: &["/backup/plans", "/backup/plans/"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let plan = call.engine.create_plan(
        &call.scope,
        CreatePlan {
            document: call.required_document("BackupPlan")?,
            tags: call.map("BackupPlanTags")?,
            creator_request_id: call.text("CreatorRequestId"),
        },
        call.now,
    )?;
    Ok(json::plan_made(&plan))
}
