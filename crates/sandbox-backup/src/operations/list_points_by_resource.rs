use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "ListRecoveryPointsByResource",
    method: "GET",
    paths: &[
        "/resources/{resourceArn}/recovery-points",
        "/resources/{resourceArn}/recovery-points/",
    ],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let points = call.engine.list_points_by_resource(
        &call.scope,
        &call.required("resourceArn")?,
        &call.page()?,
    );
    Ok(json::page(
        "RecoveryPoints",
        &points,
        json::point_by_resource,
    ))
}
