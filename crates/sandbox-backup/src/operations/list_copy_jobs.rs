use serde_json::Value;

use crate::{
    CopyJobFilter,
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListCopyJobs",
    method: "GET",
    paths: &["/copy-jobs", "/copy-jobs/"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let jobs = call.engine.list_copy_jobs(
        &call.scope,
        &CopyJobFilter {
            destination_vault_arn: call.text("destinationVaultArn"),
            source_point_arn: call.text("sourceRecoveryPointArn"),
            resource_arn: call.text("resourceArn"),
            resource_type: call.text("resourceType"),
            state: call.text("state"),
            account: call.text("accountId"),
            created_before: call.time("createdBefore")?,
            created_after: call.time("createdAfter")?,
            complete_before: call.time("completeBefore")?,
            complete_after: call.time("completeAfter")?,
            parent_job: call.text("parentJobId"),
            message_category: call.text("messageCategory"),
        },
        &call.page()?,
    );
    Ok(json::page("CopyJobs", &jobs, json::copy_job))
}
