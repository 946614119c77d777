use awsim_core::{AwsError, RequestContext};
use serde_json::Value;

use super::{BlockStorage, errors, input::required, model::Attachment};

/// `AttachVolume`.
pub(super) fn attach_volume(
    storage: &BlockStorage,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let id = required(input, "VolumeId")?;
    let instance = required(input, "InstanceId")?;
    let device = required(input, "Device")?;
    let now = storage.clock.now();
    storage.at(&ctx.account_id, &ctx.region, |ebs| {
        let taken = ebs.volumes.values().any(|volume| {
            volume
                .attachment
                .as_ref()
                .is_some_and(|a| a.instance == instance && a.device == device)
        });
        let volume = ebs
            .volumes
            .get_mut(id)
            .ok_or_else(|| errors::volume_not_found(id))?;
        if volume.attachment.is_some() {
            return Err(AwsError::bad_request(
                "VolumeInUse",
                format!("{id} is already attached to an instance"),
            ));
        }
        if taken {
            return Err(errors::invalid(format!(
                "Invalid value '{device}' for unixDevice. Attachment point {device} is already in use"
            )));
        }
        let attachment = Attachment {
            instance: instance.to_owned(),
            device: device.to_owned(),
            since: now,
            delete_on_termination: false,
        };
        let shown = attachment.shown(id);
        volume.attachment = Some(attachment);
        Ok(shown)
    })
}
