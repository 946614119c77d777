use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::{BlockStorage, Volume, errors, filters, filters::Filters, input::texts};

/// `DescribeVolumes`.
pub(super) fn describe_volumes(
    storage: &BlockStorage,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let ids = texts(input, "VolumeId");
    let filters = Filters::of(input);
    storage.at(&ctx.account_id, &ctx.region, |ebs| {
        if let Some(unknown) = ids.iter().find(|id| !ebs.volumes.contains_key(*id)) {
            return Err(errors::volume_not_found(unknown));
        }
        let found = ebs
            .volumes
            .iter()
            .filter(|(id, volume)| {
                (ids.is_empty() || ids.contains(id))
                    && filters.pass(&volume.tags, |name| attribute(volume, name))
            })
            .map(|(id, volume)| (id, volume.shown()))
            .collect();
        let (page, next) = filters::page(found, input);
        let mut answer = json!({"volumeSet": {"item": page}});
        if let Some(next) = next {
            answer["nextToken"] = json!(next);
        }
        Ok(answer)
    })
}

fn attribute(volume: &Volume, name: &str) -> Option<String> {
    let attachment = volume.attachment.as_ref();
    match name {
        "volume-id" => Some(volume.id.clone()),
        "status" => Some(volume.state().to_owned()),
        "size" => Some(volume.spec.size_gib.to_string()),
        "volume-type" => Some(volume.spec.kind.clone()),
        "availability-zone" => Some(volume.spec.zone.clone()),
        "encrypted" => Some(volume.spec.encrypted.to_string()),
        "snapshot-id" => volume.spec.snapshot.clone(),
        "attachment.instance-id" => attachment.map(|a| a.instance.clone()),
        "attachment.device" => attachment.map(|a| a.device.clone()),
        "attachment.status" => attachment.map(|_| "attached".to_owned()),
        _ => None,
    }
}
