use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "CancelLegalHold",
    method: "DELETE",
    paths: &["/legal-holds/{legalHoldId}"],
    target: Target::LegalHold,
    status: 201,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine.cancel_legal_hold(
        &call.scope,
        &call.required("legalHoldId")?,
        &call.required("cancelDescription")?,
        call.integer("retainRecordInDays")?,
        call.now,
    )?;
    Ok(object!({}))
}
