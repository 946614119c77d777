use serde_json::Value;

use crate::{
    BackupJobFilter,
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListBackupJobs",
    method: "GET",
    paths: &["/backup-jobs", "/backup-jobs/"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let jobs = call.engine.list_backup_jobs(
        &call.scope,
        &BackupJobFilter {
            vault: call.text("backupVaultName"),
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
    Ok(json::page("BackupJobs", &jobs, |job| {
        json::backup_job(job, call.now)
    }))
}
