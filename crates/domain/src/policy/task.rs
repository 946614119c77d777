use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Asked;
use crate::{
    Arn, Partition, Region, RoleArn,
    records::{BucketName, RecordsPrefix},
};

/// The folder below which objects are put to prove access; nothing else may lie there.
pub const PROOF_FOLDER: &str = "tidemark-access-proof/";

/// The tag by which a role says that the console may assume it to prove access.
pub const PROOF_TAG: &str = "tidemark:prove-access";

/// The value of [`PROOF_TAG`] that says so.
pub const PROOF_TAG_VALUE: &str = "allowed";

/// What others are to do with a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessTask {
    /// The exporter of a block storage cluster writes its backups, and reads them to restore. The vendor
    /// asks for the instances' role and the Lambda function's role.
    BlockStorage,
    /// Another account's data platform writes its datasets, and clears up after itself.
    DatasetWriter,
    /// A new cluster reads backups to restore from them, and changes nothing.
    RestoreReader,
}

impl AccessTask {
    /// Every task.
    pub const ALL: [Self; 3] = [Self::BlockStorage, Self::DatasetWriter, Self::RestoreReader];

    /// The name in addresses, on the command line and in stored runs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BlockStorage => "block_storage",
            Self::DatasetWriter => "dataset_writer",
            Self::RestoreReader => "restore_reader",
        }
    }

    /// The task of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.as_str() == text)
    }

    /// What it is for, in a few words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::BlockStorage => "Block storage exporter: reads and writes objects",
            Self::DatasetWriter => "Dataset writer: lists, reads, writes and deletes objects",
            Self::RestoreReader => "Restore: lists and reads objects",
        }
    }

    /// Part of the ids of its statements.
    const fn sid(self) -> &'static str {
        match self {
            Self::BlockStorage => "TidemarkExporter",
            Self::DatasetWriter => "TidemarkDatasets",
            Self::RestoreReader => "TidemarkRestore",
        }
    }

    const fn on_objects(self) -> &'static [&'static str] {
        match self {
            Self::BlockStorage => &["s3:GetObject", "s3:PutObject"],
            Self::DatasetWriter => &[
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
            ],
            Self::RestoreReader => &["s3:GetObject"],
        }
    }

    /// What is asked of the bucket for a prefix alone, where there is one.
    const fn on_lists(self) -> &'static [&'static str] {
        match self {
            Self::BlockStorage => &[],
            Self::DatasetWriter => &["s3:ListBucket", "s3:ListBucketMultipartUploads"],
            Self::RestoreReader => &["s3:ListBucket"],
        }
    }

    /// What is asked of the whole bucket.
    const fn on_bucket(self) -> &'static [&'static str] {
        match self {
            Self::BlockStorage => &[],
            Self::DatasetWriter => &["s3:GetBucketVersioning"],
            Self::RestoreReader => &["s3:GetBucketLocation"],
        }
    }
}

/// One thing that somebody is to be allowed, and the statement that is to allow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Who.
    pub principal: Arn,
    /// As IAM names it.
    pub action: String,
    /// ARN of the bucket, or of an object in it.
    pub resource: String,
    /// What is known of the request, by condition key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub context: BTreeMap<String, String>,
    /// `Sid` of the statement that is to allow it.
    pub sid: String,
    /// That statement.
    pub statement: Value,
}

impl Grant {
    /// As a question to a policy.
    pub fn asked(&self) -> Asked<'_> {
        Asked {
            principal: &self.principal,
            action: &self.action,
            resource: &self.resource,
            context: &self.context,
        }
    }

    /// `s3:GetObject for the role Exporter`.
    pub fn words(&self) -> String {
        format!("{} for the role {}", self.action, self.principal.name())
    }
}

/// The statements by which roles may do a task with a bucket, below a prefix or anywhere in it. Each
/// role has its own, so that each can be taken back by itself.
///
/// Source for the actions: the vendors' own lists, in their guides for a bucket that exists.
pub fn statements(
    task: AccessTask,
    region: &Region,
    bucket: &BucketName,
    prefix: &RecordsPrefix,
    roles: &[RoleArn],
) -> Vec<Value> {
    let partition = Partition::of(region).id();
    let bucket_arn = format!("arn:{partition}:s3:::{bucket}");
    let below = match prefix.as_str() {
        "" => String::new(),
        prefix => format!("{prefix}/"),
    };
    let mut all = Vec::new();
    for role in roles {
        let id = short_hash(&[task.as_str(), bucket.as_str(), &below, role.as_str()]);
        let statement = |part: &str, actions: &[&str], resource: &str| {
            json!({
                "Sid": format!("{}{part}{id}", task.sid()),
                "Effect": "Allow",
                "Principal": {"AWS": role.as_str()},
                "Action": actions,
                "Resource": resource,
            })
        };
        let objects = format!("{bucket_arn}/{below}*");
        all.push(statement("Objects", task.on_objects(), &objects));
        let lists = task.on_lists();
        if lists.is_empty() {
            continue;
        }
        if below.is_empty() {
            let actions = [lists, task.on_bucket()].concat();
            all.push(statement("Bucket", &actions, &bucket_arn));
        } else {
            let mut lists = statement("Lists", lists, &bucket_arn);
            lists["Condition"] = json!({"StringLike": {"s3:prefix": format!("{below}*")}});
            all.push(lists);
            all.push(statement("Bucket", task.on_bucket(), &bucket_arn));
        }
    }
    all
}

/// What those statements are to allow, one action at a time, on an object as it may be there.
pub fn grants(
    task: AccessTask,
    region: &Region,
    bucket: &BucketName,
    prefix: &RecordsPrefix,
    roles: &[RoleArn],
) -> Vec<Grant> {
    let mut all = Vec::new();
    for role in roles {
        let Ok(principal) = Arn::parse(role.as_str()) else {
            continue;
        };
        for statement in statements(task, region, bucket, prefix, std::slice::from_ref(role)) {
            let resource = statement["Resource"].as_str().unwrap_or_default();
            let resource = resource
                .strip_suffix('*')
                .map_or_else(|| resource.to_owned(), |start| format!("{start}object"));
            let context: BTreeMap<String, String> =
                statement["Condition"]["StringLike"]["s3:prefix"]
                    .as_str()
                    .map(|prefix| {
                        (
                            "s3:prefix".to_owned(),
                            prefix.trim_end_matches('*').to_owned(),
                        )
                    })
                    .into_iter()
                    .collect();
            let actions = statement["Action"].as_array().into_iter().flatten();
            for action in actions.filter_map(Value::as_str) {
                all.push(Grant {
                    principal: principal.clone(),
                    action: action.to_owned(),
                    resource: resource.clone(),
                    context: context.clone(),
                    sid: statement["Sid"].as_str().unwrap_or_default().to_owned(),
                    statement: statement.clone(),
                });
            }
        }
    }
    all
}

/// FNV-1a in 64 bits: tells statements apart, and keeps no secret.
fn short_hash(parts: &[&str]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.join("\n").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
