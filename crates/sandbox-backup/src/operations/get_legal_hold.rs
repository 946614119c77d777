use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "GetLegalHold",
    method: "GET",
    paths: &["/legal-holds/{legalHoldId}"],
    target: Target::LegalHold,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let hold = call
        .engine
        .legal_hold(&call.scope, &call.required("legalHoldId")?)?;
    Ok(json::legal_hold_whole(&hold))
}
