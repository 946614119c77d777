use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "GetSupportedResourceTypes",
    method: "GET",
    paths: &["/supported-resource-types"],
    target: Target::Account,
    status: 200,
    run,
};

#[expect(clippy::unnecessary_wraps, reason = "operations share one shape")]
fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    Ok(object!({ "ResourceTypes": call.engine.supported_resource_types() }))
}
