use awsim_core::{AwsError, RequestContext};
use serde_json::Value;

use super::{
    BlockStorage, Ebs, Volume, VolumeSpec, errors,
    input::{flag, number, required, tags_for, text},
    model::{new_id, snapshot_arn, volume_arn},
};

/// Types and the sizes they allow, in GiB.
const KINDS: [(&str, u64, u64); 7] = [
    ("gp2", 1, 16_384),
    ("gp3", 1, 65_536),
    ("io1", 4, 16_384),
    ("io2", 4, 65_536),
    ("st1", 125, 16_384),
    ("sc1", 125, 16_384),
    ("standard", 1, 1024),
];

/// `CreateVolume`, empty or from a snapshot.
pub(super) fn create_volume(
    storage: &BlockStorage,
    input: &Value,
    ctx: &RequestContext,
) -> Result<Value, AwsError> {
    let token = text(input, "ClientToken");
    let spec = VolumeSpec {
        size_gib: number(input, "Size")?.unwrap_or(0),
        zone: required(input, "AvailabilityZone")?.to_owned(),
        kind: text(input, "VolumeType").unwrap_or("gp2").to_owned(),
        iops: number(input, "Iops")?,
        throughput: number(input, "Throughput")?,
        encrypted: flag(input, "Encrypted").unwrap_or(false),
        kms_key: text(input, "KmsKeyId").map(str::to_owned),
        snapshot: text(input, "SnapshotId").map(str::to_owned),
    };
    if !spec.zone.starts_with(&ctx.region) {
        return Err(errors::invalid(format!(
            "The Availability Zone '{}' is invalid",
            spec.zone
        )));
    }
    let tags = tags_for(input, "volume");
    storage.at(&ctx.account_id, &ctx.region, |ebs| {
        if let Some(volume) = token
            .and_then(|token| ebs.tokens.get(token))
            .and_then(|id| ebs.volumes.get(id))
        {
            return Ok(volume.shown());
        }
        let mut volume = storage.new_volume(ebs, spec, ctx)?;
        volume.tags = tags;
        let shown = volume.shown();
        if let Some(token) = token {
            ebs.tokens.insert(token.to_owned(), volume.id.clone());
        }
        ebs.volumes.insert(volume.id.clone(), volume);
        Ok(shown)
    })
}

impl BlockStorage {
    /// Makes a volume with the content of its snapshot; the caller puts it in its place.
    pub(super) fn new_volume(
        &self,
        ebs: &Ebs,
        mut spec: VolumeSpec,
        ctx: &RequestContext,
    ) -> Result<Volume, AwsError> {
        let id = new_id("vol");
        let now = self.clock.now();
        if let Some(snapshot) = &spec.snapshot {
            let snapshot = ebs
                .snapshots
                .get(snapshot)
                .ok_or_else(|| errors::snapshot_not_found(snapshot))?;
            if snapshot.progress(now) < 100 {
                return Err(errors::incorrect_state(format!(
                    "Snapshot is in invalid state - pending: {}",
                    snapshot.id
                )));
            }
            if spec.size_gib == 0 {
                spec.size_gib = snapshot.size_gib;
            } else if spec.size_gib < snapshot.size_gib {
                return Err(errors::invalid(
                    "Volume of size smaller than that of its snapshot cannot be created",
                ));
            }
            spec.encrypted |= snapshot.encrypted;
            if spec.kms_key.is_none() {
                spec.kms_key.clone_from(&snapshot.kms_key);
            }
            self.contents.copy(
                &snapshot_arn(&ctx.region, &snapshot.id),
                &volume_arn(&ctx.account_id, &ctx.region, &id),
            );
        } else if spec.size_gib == 0 {
            return Err(errors::missing("size/snapshot"));
        }
        let (_, least, most) = KINDS
            .into_iter()
            .find(|(kind, ..)| *kind == spec.kind)
            .ok_or_else(|| errors::invalid(format!("Invalid volume type {}", spec.kind)))?;
        if !(least..=most).contains(&spec.size_gib) {
            return Err(errors::invalid(format!(
                "Volume of {} GiB is invalid; it must be between {least} and {most} GiB for {}",
                spec.size_gib, spec.kind
            )));
        }
        if spec.kind == "gp3" {
            spec.iops.get_or_insert(3000);
            spec.throughput.get_or_insert(125);
        }
        Ok(Volume {
            id,
            spec,
            created: now,
            attachment: None,
            tags: std::collections::BTreeMap::new(),
        })
    }
}
