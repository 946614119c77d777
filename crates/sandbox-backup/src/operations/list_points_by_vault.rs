use serde_json::Value;

use crate::{
    PointFilter,
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListRecoveryPointsByBackupVault",
    method: "GET",
    paths: &[
        "/backup-vaults/{backupVaultName}/recovery-points",
        "/backup-vaults/{backupVaultName}/recovery-points/",
    ],
    target: Target::Vault,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let points = call.engine.list_points_by_vault(
        &call.scope,
        &call.required("backupVaultName")?,
        &PointFilter {
            resource_arn: call.text("resourceArn"),
            resource_type: call.text("resourceType"),
            plan_id: call.text("backupPlanId"),
            created_before: call.time("createdBefore")?,
            created_after: call.time("createdAfter")?,
            parent_arn: call.text("parentRecoveryPointArn"),
        },
        &call.page()?,
    )?;
    Ok(json::page("RecoveryPoints", &points, json::point))
}
