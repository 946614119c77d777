use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DescribeRecoveryPoint",
    method: "GET",
    paths: &["/backup-vaults/{backupVaultName}/recovery-points/{recoveryPointArn}"],
    target: Target::Point,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let point = call.engine.describe_point(
        &call.scope,
        &call.required("backupVaultName")?,
        &call.required("recoveryPointArn")?,
    )?;
    let mut output = json::point(&point);
    if let Value::Object(members) = &mut output {
        members.insert("StorageClass".to_owned(), point.storage_class().into());
    }
    Ok(output)
}
