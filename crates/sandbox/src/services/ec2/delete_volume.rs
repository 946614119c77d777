use awsim_core::{AwsError, RequestContext};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{BlockStorage, errors, input::required, model::volume_arn};

/// `DeleteVolume`.
pub(super) fn delete_volume(
    storage: &BlockStorage,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let id = required(input, "VolumeId")?;
    storage.at(&ctx.account_id, &ctx.region, |ebs| {
        let volume = ebs
            .volumes
            .get(id)
            .ok_or_else(|| errors::volume_not_found(id))?;
        if let Some(attachment) = &volume.attachment {
            return Err(AwsError::bad_request(
                "VolumeInUse",
                format!(
                    "Volume {id} is currently attached to {}",
                    attachment.instance
                ),
            ));
        }
        ebs.volumes.remove(id);
        storage
            .contents
            .write(&volume_arn(&ctx.account_id, &ctx.region, id), Bytes::new());
        Ok(json!({"return": true}))
    })
}
