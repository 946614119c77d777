use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::{
    BlockStorage, errors,
    input::{number, required, text},
};

/// `ModifyVolume`: takes effect at once; a volume never shrinks.
pub(super) fn modify_volume(
    storage: &BlockStorage,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let id = required(input, "VolumeId")?;
    let size = number(input, "Size")?;
    let iops = number(input, "Iops")?;
    let throughput = number(input, "Throughput")?;
    let now = storage.clock.now().to_string();
    storage.at(&ctx.account_id, &ctx.region, |ebs| {
        let volume = ebs
            .volumes
            .get_mut(id)
            .ok_or_else(|| errors::volume_not_found(id))?;
        let before = volume.spec.clone();
        if size.is_some_and(|size| size < before.size_gib) {
            return Err(errors::invalid(
                "New size cannot be smaller than existing size",
            ));
        }
        volume.spec.size_gib = size.unwrap_or(before.size_gib);
        volume.spec.iops = iops.or(before.iops);
        volume.spec.throughput = throughput.or(before.throughput);
        if let Some(kind) = text(input, "VolumeType") {
            kind.clone_into(&mut volume.spec.kind);
        }
        Ok(json!({"volumeModification": {
            "volumeId": id,
            "modificationState": "completed",
            "originalSize": before.size_gib,
            "targetSize": volume.spec.size_gib,
            "originalVolumeType": before.kind,
            "targetVolumeType": volume.spec.kind,
            "progress": 100,
            "startTime": now,
            "endTime": now,
        }}))
    })
}
