use awsim_core::{AwsError, RequestContext};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{BlockStorage, errors, input::required, model::snapshot_arn};

/// `DeleteSnapshot`; volumes made from it stay.
pub(super) fn delete_snapshot(
    storage: &BlockStorage,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let id = required(input, "SnapshotId")?;
    storage.at(&ctx.account_id, &ctx.region, |ebs| {
        ebs.snapshots
            .remove(id)
            .ok_or_else(|| errors::snapshot_not_found(id))?;
        storage
            .contents
            .write(&snapshot_arn(&ctx.region, id), Bytes::new());
        Ok(json!({"return": true}))
    })
}
