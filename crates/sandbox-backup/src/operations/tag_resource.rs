use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "TagResource",
    method: "POST",
    paths: &["/tags/{resourceArn}"],
    target: Target::Tagged,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine.tag(
        &call.scope,
        &call.required("resourceArn")?,
        call.required_document("Tags")?,
    )?;
    Ok(object!({}))
}
