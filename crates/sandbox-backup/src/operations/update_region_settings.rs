use serde_json::{Value, json as object};

use crate::{
    RegionSettings,
    error::BackupError,
    wire::{Call, Operation, Target},
};

pub(super) const OPERATION: Operation = Operation {
    name: "UpdateRegionSettings",
    method: "PUT",
    paths: &["/account-settings"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    call.engine.update_region_settings(
        &call.scope,
        RegionSettings {
            opt_in: call
                .document("ResourceTypeOptInPreference")?
                .unwrap_or_default(),
            management: call
                .document("ResourceTypeManagementPreference")?
                .unwrap_or_default(),
        },
    )?;
    Ok(object!({}))
}
