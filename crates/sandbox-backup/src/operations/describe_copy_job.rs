use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DescribeCopyJob",
    method: "GET",
    paths: &["/copy-jobs/{copyJobId}"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let job = call
        .engine
        .describe_copy_job(&call.scope, &call.required("copyJobId")?)?;
    Ok(object!({ "CopyJob": json::copy_job(&job) }))
}
