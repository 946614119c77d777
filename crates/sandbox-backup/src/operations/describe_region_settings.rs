use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DescribeRegionSettings",
    method: "GET",
    paths: &["/account-settings"],
    target: Target::Account,
    status: 200,
    run,
};

#[expect(clippy::unnecessary_wraps, reason = "operations share one shape")]
fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let settings = call.engine.region_settings(&call.scope);
    Ok(object!({
        "ResourceTypeOptInPreference": settings.opt_in,
        "ResourceTypeManagementPreference": settings.management,
    }))
}
