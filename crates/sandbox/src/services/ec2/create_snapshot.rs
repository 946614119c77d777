use std::collections::BTreeMap;

use awsim_core::{AwsError, RequestContext};
use serde_json::Value;

use super::{
    BlockStorage, Snapshot, Volume, errors,
    input::{required, tags_for, text},
    model::{new_id, snapshot_arn, volume_arn},
};

/// `CreateSnapshot`.
pub(super) fn create_snapshot(
    storage: &BlockStorage,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let id = required(input, "VolumeId")?;
    let description = text(input, "Description").unwrap_or_default();
    let tags = tags_for(input, "snapshot");
    storage.at(&ctx.account_id, &ctx.region, |ebs| {
        let volume = ebs
            .volumes
            .get(id)
            .ok_or_else(|| errors::volume_not_found(id))?;
        let snapshot = storage.snapshot(volume, description, tags, ctx);
        let shown = snapshot.shown(&ctx.account_id, snapshot.started);
        ebs.snapshots.insert(snapshot.id.clone(), snapshot);
        Ok(shown)
    })
}

impl BlockStorage {
    /// Takes the volume's content as it is now; the caller puts the snapshot in its place.
    pub(super) fn snapshot(
        &self,
        volume: &Volume,
        description: &str,
        tags: BTreeMap<String, String>,
        ctx: &RequestContext,
    ) -> Snapshot {
        let id = new_id("snap");
        self.contents.copy(
            &volume_arn(&ctx.account_id, &ctx.region, &volume.id),
            &snapshot_arn(&ctx.region, &id),
        );
        Snapshot {
            id,
            volume: volume.id.clone(),
            size_gib: volume.spec.size_gib,
            started: self.clock.now(),
            description: description.to_owned(),
            encrypted: volume.spec.encrypted,
            kms_key: volume.spec.kms_key.clone(),
            tags,
        }
    }
}
