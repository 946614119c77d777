use serde_json::Value;

use crate::{
    RestoreJobFilter,
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListRestoreJobsByProtectedResource",
    method: "GET",
    paths: &[
        "/resources/{resourceArn}/restore-jobs",
        "/resources/{resourceArn}/restore-jobs/",
    ],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let jobs = call.engine.list_restore_jobs(
        &call.scope,
        &RestoreJobFilter {
            source_resource_arn: Some(call.required("resourceArn")?),
            status: call.text("status"),
            point_created_after: call.time("recoveryPointCreationDateAfter")?,
            point_created_before: call.time("recoveryPointCreationDateBefore")?,
            ..RestoreJobFilter::default()
        },
        &call.page()?,
    );
    Ok(json::page("RestoreJobs", &jobs, |job| {
        json::restore_job(job, call.now)
    }))
}
