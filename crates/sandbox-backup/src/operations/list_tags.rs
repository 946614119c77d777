use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListTags",
    method: "GET",
    paths: &["/tags/{resourceArn}"],
    target: Target::Tagged,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let tags = call
        .engine
        .tags(&call.scope, &call.required("resourceArn")?)?;
    Ok(object!({ "Tags": tags }))
}
