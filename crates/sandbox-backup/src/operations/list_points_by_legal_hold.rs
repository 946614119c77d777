use serde_json::{Value, json as object};

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListRecoveryPointsByLegalHold",
    method: "GET",
    paths: &[
        "/legal-holds/{legalHoldId}/recovery-points",
        "/legal-holds/{legalHoldId}/recovery-points/",
    ],
    target: Target::LegalHold,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let points = call.engine.list_points_by_legal_hold(
        &call.scope,
        &call.required("legalHoldId")?,
        &call.page()?,
    )?;
    Ok(json::page("RecoveryPoints", &points, |point| {
        object!({
            "RecoveryPointArn": point.arn,
            "ResourceArn": point.resource_arn,
            "ResourceType": point.resource_type,
            "BackupVaultName": point.vault,
        })
    }))
}
