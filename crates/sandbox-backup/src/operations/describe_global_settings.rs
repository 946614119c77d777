use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DescribeGlobalSettings",
    method: "GET",
    paths: &["/global-settings"],
    target: Target::Account,
    status: 200,
    run,
};

#[expect(clippy::unnecessary_wraps, reason = "operations share one shape")]
fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let (settings, updated) = call.engine.global_settings();
    Ok(json::present(object!({
        "GlobalSettings": settings,
        "LastUpdateTime": updated.map(json::epoch),
    })))
}
