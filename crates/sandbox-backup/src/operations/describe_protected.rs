use serde_json::Value;

use crate::{
    error::BackupError,
    wire::{Call, Operation, Target, json},
};

pub(super) const OPERATION: Operation = Operation {
    name: "DescribeProtectedResource",
    method: "GET",
    paths: &["/resources/{resourceArn}"],
    target: Target::Account,
    status: 200,
    run,
};

fn run(call: &Call<'_>) -> Result<Value, BackupError> {
    let (resource, restore) = call
        .engine
        .describe_protected(&call.scope, &call.required("resourceArn")?)?;
    let mut output = json::protected(&resource);
    if let (Value::Object(members), Some(job)) = (&mut output, restore) {
        members.insert(
            "LatestRestoreJobCreationDate".to_owned(),
            json::epoch(job.created),
        );
        members.insert(
            "LatestRestoreRecoveryPointCreationDate".to_owned(),
            json::epoch(job.point_created),
        );
        if let (Some(started), Some(completed)) = (job.started, job.completed) {
            let minutes = (completed.duration_since(started).as_secs() + 59) / 60;
            members.insert(
                "LatestRestoreExecutionTimeMinutes".to_owned(),
                minutes.into(),
            );
        }
    }
    Ok(output)
}
