use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// How long a snapshot takes.
const SNAPSHOT_TAKES: SignedDuration = SignedDuration::from_secs(2);

/// The volumes and snapshots of one account and Region.
#[derive(Default)]
pub(crate) struct Ebs {
    pub(crate) volumes: BTreeMap<String, Volume>,
    pub(crate) snapshots: BTreeMap<String, Snapshot>,
    /// Volume made for each client token.
    pub(crate) tokens: HashMap<String, String>,
}

/// A volume.
#[derive(Clone, Debug)]
pub(crate) struct Volume {
    pub(crate) id: String,
    pub(crate) spec: VolumeSpec,
    pub(crate) created: Timestamp,
    pub(crate) attachment: Option<Attachment>,
    pub(crate) tags: BTreeMap<String, String>,
}

/// What a volume is like.
#[derive(Clone, Debug)]
pub(crate) struct VolumeSpec {
    pub(crate) size_gib: u64,
    pub(crate) zone: String,
    pub(crate) kind: String,
    pub(crate) iops: Option<u64>,
    pub(crate) throughput: Option<u64>,
    pub(crate) encrypted: bool,
    pub(crate) kms_key: Option<String>,
    pub(crate) snapshot: Option<String>,
}

/// A volume's place on an instance.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub(crate) instance: String,
    pub(crate) device: String,
    pub(crate) since: Timestamp,
    pub(crate) delete_on_termination: bool,
}

/// A snapshot.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) id: String,
    pub(crate) volume: String,
    pub(crate) size_gib: u64,
    pub(crate) started: Timestamp,
    pub(crate) description: String,
    pub(crate) encrypted: bool,
    pub(crate) kms_key: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
}

/// An identifier as EC2 forms it.
pub(crate) fn new_id(prefix: &str) -> String {
    let hex = uuid::Uuid::new_v4().simple().to_string();
    format!("{prefix}-{}", &hex[..17])
}

/// ARN of a volume.
pub(crate) fn volume_arn(account: &str, region: &str, id: &str) -> String {
    format!("arn:aws:ec2:{region}:{account}:volume/{id}")
}

/// ARN of a snapshot, which names no account.
pub(crate) fn snapshot_arn(region: &str, id: &str) -> String {
    format!("arn:aws:ec2:{region}::snapshot/{id}")
}

impl Volume {
    /// The volume as `DescribeVolumes` shows it.
    pub(super) fn shown(&self) -> Value {
        let attachments: Vec<Value> = self
            .attachment
            .iter()
            .map(|attachment| attachment.shown(&self.id))
            .collect();
        let mut shown = json!({
            "volumeId": self.id,
            "size": self.spec.size_gib,
            "snapshotId": self.spec.snapshot.as_deref().unwrap_or_default(),
            "availabilityZone": self.spec.zone,
            "status": self.state(),
            "createTime": self.created.to_string(),
            "attachmentSet": {"item": attachments},
            "volumeType": self.spec.kind,
            "encrypted": self.spec.encrypted,
            "multiAttachEnabled": false,
            "tagSet": {"item": shown_tags(&self.tags)},
        });
        for (member, value) in [
            ("iops", self.spec.iops),
            ("throughput", self.spec.throughput),
        ] {
            if let Some(value) = value {
                shown[member] = json!(value);
            }
        }
        if let Some(key) = &self.spec.kms_key {
            shown["kmsKeyId"] = json!(key);
        }
        shown
    }

    pub(super) fn state(&self) -> &'static str {
        if self.attachment.is_some() {
            "in-use"
        } else {
            "available"
        }
    }
}

impl Attachment {
    pub(super) fn shown(&self, volume: &str) -> Value {
        json!({
            "volumeId": volume,
            "instanceId": self.instance,
            "device": self.device,
            "status": "attached",
            "attachTime": self.since.to_string(),
            "deleteOnTermination": self.delete_on_termination,
        })
    }
}

impl Snapshot {
    /// Per cent done at a moment.
    pub(crate) fn progress(&self, now: Timestamp) -> u8 {
        let share = (now - self.started)
            .total(jiff::Unit::Second)
            .unwrap_or(0.0)
            / SNAPSHOT_TAKES.as_secs_f64();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0–100"
        )]
        let percent = (share.clamp(0.0, 1.0) * 100.0) as u8;
        percent
    }

    /// The snapshot as `DescribeSnapshots` shows it.
    pub(super) fn shown(&self, account: &str, now: Timestamp) -> Value {
        let progress = self.progress(now);
        let mut shown = json!({
            "snapshotId": self.id,
            "volumeId": self.volume,
            "volumeSize": self.size_gib,
            "status": if progress == 100 { "completed" } else { "pending" },
            "progress": format!("{progress}%"),
            "startTime": self.started.to_string(),
            "ownerId": account,
            "description": self.description,
            "encrypted": self.encrypted,
            "storageTier": "standard",
            "tagSet": {"item": shown_tags(&self.tags)},
        });
        if progress == 100 {
            shown["completionTime"] = json!((self.started + SNAPSHOT_TAKES).to_string());
        }
        if let Some(key) = &self.kms_key {
            shown["kmsKeyId"] = json!(key);
        }
        shown
    }
}

fn shown_tags(tags: &BTreeMap<String, String>) -> Vec<Value> {
    tags.iter()
        .map(|(key, value)| json!({"key": key, "value": value}))
        .collect()
}
