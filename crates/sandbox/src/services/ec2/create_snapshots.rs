use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::{
    BlockStorage, Volume, errors,
    input::{flag, required, tags_for, text, texts},
};

/// Devices that hold an instance's root.
const ROOT_DEVICES: [&str; 2] = ["/dev/xvda", "/dev/sda1"];

/// `CreateSnapshots`: the volumes of one instance at one moment, all or none.
pub(super) fn create_snapshots(
    storage: &BlockStorage,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let instances = &input["InstanceSpecification"];
    let instance = required(instances, "InstanceId")?;
    let without_root = flag(instances, "ExcludeBootVolume").unwrap_or(false);
    let excluded = texts(instances, "ExcludeDataVolumeId");
    let copy_tags = text(input, "CopyTagsFromSource") == Some("volume");
    let description = text(input, "Description").unwrap_or_default();
    let tags = tags_for(input, "snapshot");
    storage.at(&ctx.account_id, &ctx.region, |ebs| {
        let volumes: Vec<Volume> = ebs
            .volumes
            .values()
            .filter(|volume| {
                volume.attachment.as_ref().is_some_and(|attachment| {
                    attachment.instance == instance
                        && !(without_root && ROOT_DEVICES.contains(&attachment.device.as_str()))
                }) && !excluded.contains(&volume.id)
            })
            .cloned()
            .collect();
        if volumes.is_empty() {
            return Err(errors::invalid(format!(
                "Instance {instance} has no volumes to take snapshots of"
            )));
        }
        let mut shown = Vec::with_capacity(volumes.len());
        for volume in volumes {
            let mut tags = tags.clone();
            if copy_tags {
                tags.extend(volume.tags.clone());
            }
            let snapshot = storage.snapshot(&volume, description, tags, ctx);
            let mut entry = snapshot.shown(&ctx.account_id, snapshot.started);
            // SnapshotInfo calls the state `state`, where Snapshot calls it `status`.
            entry["state"] = entry["status"].take();
            shown.push(entry);
            ebs.snapshots.insert(snapshot.id.clone(), snapshot);
        }
        Ok(json!({"snapshotSet": {"item": shown}}))
    })
}
