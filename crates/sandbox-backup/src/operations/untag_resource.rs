use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "UntagResource",
    method: "POST",
    paths: &["/untag/{resourceArn}"],
    target: Target::Tagged,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let keys: Vec<String> = call.required_document("TagKeyList")?;
    call.engine
        .untag(&call.scope, &call.required("resourceArn")?, &keys)?;
    Ok(object!({}))
}
