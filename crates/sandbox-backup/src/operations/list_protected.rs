use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListProtectedResources",
    method: "GET",
    paths: &["/resources"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let resources = call
        .engine
        .list_protected(&call.scope, None, &call.page()?)?;
    Ok(json::page("Results", &resources, json::protected))
}
