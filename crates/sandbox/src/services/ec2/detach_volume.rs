use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::{
    BlockStorage, errors,
    input::{required, text},
};

/// `DetachVolume`.
pub(super) fn detach_volume(
    storage: &BlockStorage,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let id = required(input, "VolumeId")?;
    storage.at(&ctx.account_id, &ctx.region, |ebs| {
        let volume = ebs
            .volumes
            .get_mut(id)
            .ok_or_else(|| errors::volume_not_found(id))?;
        let fits = volume.attachment.as_ref().is_some_and(|attachment| {
            text(input, "InstanceId").is_none_or(|instance| instance == attachment.instance)
        });
        match volume.attachment.take_if(|_| fits) {
            Some(attachment) => {
                let mut shown = attachment.shown(id);
                shown["status"] = json!("detached");
                Ok(shown)
            }
            None => Err(errors::incorrect_state(format!(
                "Volume '{id}' is in the '{}' state.",
                volume.state()
            ))),
        }
    })
}
