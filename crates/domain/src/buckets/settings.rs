use serde::{Deserialize, Serialize};

use super::LifecycleRule;
use crate::Region;

/// What was read of AWS, or why it could not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known<T> {
    /// It is so.
    Is(T),
    /// It could not be read: why, in AWS's words.
    Unknown(String),
}

impl<T> Known<T> {
    /// What it is, where it could be read.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }
}

/// How a bucket is set up, as S3 says it this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketSettings {
    /// Its Region (`GetBucketLocation`).
    pub region: Region,
    /// `GetBucketVersioning`.
    pub versioning: Known<Versioning>,
    /// `GetObjectLockConfiguration`; none where the bucket has no object lock.
    pub lock: Known<Option<ObjectLock>>,
    /// `GetBucketEncryption`; none where S3 names no default.
    pub encryption: Known<Option<Encryption>>,
    /// `GetPublicAccessBlock`.
    pub public_access: Known<PublicAccess>,
    /// `GetBucketReplication`; empty where nothing is replicated.
    pub replication: Known<Vec<ReplicationRule>>,
    /// `GetBucketLifecycleConfiguration`; empty where there is none.
    pub lifecycle: Known<Vec<LifecycleRule>>,
}

/// Whether a bucket keeps versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Versioning {
    /// It does.
    Enabled,
    /// It did, and keeps those of then.
    Suspended,
    /// It never did.
    Off,
}

/// Object lock of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectLock {
    /// What new versions are locked with; none where each is locked by whoever writes it.
    pub default_retention: Option<DefaultRetention>,
}

/// How long new versions are locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultRetention {
    /// `GOVERNANCE` or `COMPLIANCE`.
    pub mode: String,
    /// For so long, for example `30 days`.
    pub time: String,
}

/// Default encryption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// `AES256`, `aws:kms`, `aws:kms:dsse`.
    pub algorithm: String,
    /// The key, where it is not AWS's own.
    pub key: Option<String>,
}

/// The four kinds of public access, each blocked or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "S3 has these four switches, each on or off by itself"
)]
pub struct PublicAccess {
    /// `BlockPublicAcls`.
    pub block_acls: bool,
    /// `IgnorePublicAcls`.
    pub ignore_acls: bool,
    /// `BlockPublicPolicy`.
    pub block_policy: bool,
    /// `RestrictPublicBuckets`.
    pub restrict_buckets: bool,
}

impl PublicAccess {
    /// All of it is blocked.
    pub const BLOCKED: Self = Self {
        block_acls: true,
        ignore_acls: true,
        block_policy: true,
        restrict_buckets: true,
    };

    /// What is not blocked, by the names that S3 has for the switches.
    pub fn open(&self) -> Vec<&'static str> {
        [
            (self.block_acls, "BlockPublicAcls"),
            (self.ignore_acls, "IgnorePublicAcls"),
            (self.block_policy, "BlockPublicPolicy"),
            (self.restrict_buckets, "RestrictPublicBuckets"),
        ]
        .into_iter()
        .filter(|(blocked, _)| !blocked)
        .map(|(_, name)| name)
        .collect()
    }
}

/// One rule of a bucket's replication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicationRule {
    /// `ID`.
    pub id: String,
    /// Whether it is in force.
    pub enabled: bool,
    /// Which keys, by their beginning; empty for all.
    pub prefix: String,
    /// The bucket's ARN.
    pub destination: String,
    /// Whether deletions are replicated as well.
    pub deletes: bool,
}
