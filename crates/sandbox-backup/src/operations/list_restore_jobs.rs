use serde_json::Value;

use crate::{
    RestoreJobFilter,
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListRestoreJobs",
    method: "GET",
    paths: &["/restore-jobs", "/restore-jobs/"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let parent = call
        .text("parentJobId")
        .or_else(|| call.text("restoreTestingPlanArn"));
    let jobs = call.engine.list_restore_jobs(
        &call.scope,
        &RestoreJobFilter {
            account: call.text("accountId"),
            resource_type: call.text("resourceType"),
            status: call.text("status"),
            created_before: call.time("createdBefore")?,
            created_after: call.time("createdAfter")?,
            complete_before: call.time("completeBefore")?,
            complete_after: call.time("completeAfter")?,
            parent,
            ..RestoreJobFilter::default()
        },
        &call.page()?,
    );
    Ok(json::page("RestoreJobs", &jobs, |job| {
        json::restore_job(job, call.now)
    }))
}
