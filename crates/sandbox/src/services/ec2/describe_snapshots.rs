use awsim_core::{AwsError, RequestContext};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BlockStorage, Snapshot, errors, filters, filters::Filters, input::texts};

/// `DescribeSnapshots`, with progress.
pub(super) fn describe_snapshots(
    storage: &BlockStorage,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let ids = texts(input, "SnapshotId");
    let owners = texts(input, "Owner");
    let filters = Filters::of(input);
    let now = storage.clock.now();
    let ours = owners.is_empty()
        || owners
            .iter()
            .any(|owner| owner == "self" || *owner == ctx.account_id);
    storage.at(&ctx.account_id, &ctx.region, |ebs| {
        if let Some(unknown) = ids.iter().find(|id| !ebs.snapshots.contains_key(*id)) {
            return Err(errors::snapshot_not_found(unknown));
        }
        let found = ebs
            .snapshots
            .iter()
            .filter(|(id, snapshot)| {
                ours && (ids.is_empty() || ids.contains(id))
                    && filters.pass(&snapshot.tags, |name| {
                        attribute(snapshot, &ctx.account_id, now, name)
                    })
            })
            .map(|(id, snapshot)| (id, snapshot.shown(&ctx.account_id, now)))
            .collect();
        let (page, next) = filters::page(found, input);
        let mut answer = json!({"snapshotSet": {"item": page}});
        if let Some(next) = next {
            answer["nextToken"] = json!(next);
        }
        Ok(answer)
    })
}

fn attribute(snapshot: &Snapshot, account: &str, now: Timestamp, name: &str) -> Option<String> {
    match name {
        "snapshot-id" => Some(snapshot.id.clone()),
        "volume-id" => Some(snapshot.volume.clone()),
        "volume-size" => Some(snapshot.size_gib.to_string()),
        "description" => Some(snapshot.description.clone()),
        "encrypted" => Some(snapshot.encrypted.to_string()),
        "owner-id" => Some(account.to_owned()),
        "progress" => Some(format!("{}%", snapshot.progress(now))),
        "status" => Some(
            if snapshot.progress(now) == 100 {
                "completed"
            } else {
                "pending"
            }
            .to_owned(),
        ),
        _ => None,
    }
}
