use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListLegalHolds",
    method: "GET",
    paths: &["/legal-holds"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let holds = call.engine.list_legal_holds(&call.scope, &call.page()?);
    Ok(json::page("LegalHolds", &holds, json::legal_hold))
}
