use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tidemark_domain::TableSettings;

use crate::key::{IndexKey, KeySchema, KeyType};

/// Everything needed to create a table anew. Kept in the index of every backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDescription {
    /// The table's name.
    pub name: String,
    /// The table's ARN.
    pub arn: String,
    /// Its key.
    pub key_schema: KeySchema,
    /// Types of all attributes that are keys of the table or of an index.
    pub attributes: BTreeMap<String, KeyType>,
    /// How it is paid for.
    pub billing: Billing,
    /// Secondary indexes, local ones too.
    #[serde(default)]
    pub indexes: Vec<IndexDescription>,
    /// Its stream, when one is on.
    pub stream: Option<StreamDescription>,
    /// Encryption with other than DynamoDB's own key.
    pub encryption: Option<Encryption>,
    /// `STANDARD` or `STANDARD_INFREQUENT_ACCESS`, as the API says it.
    pub table_class: Option<String>,
    /// What a restore loses and is put back after.
    pub settings: TableSettings,
    /// DynamoDB's count, about six hours old.
    pub item_count: Option<u64>,
    /// DynamoDB's size in bytes, about six hours old.
    pub size_bytes: Option<u64>,
    /// When the table was made.
    pub created_at: Option<Timestamp>,
}

/// How a table's capacity is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Billing {
    /// Per request.
    OnDemand,
    /// Per provisioned unit.
    Provisioned(Throughput),
}

/// Provisioned units per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throughput {
    /// Read capacity units.
    pub read: u64,
    /// Write capacity units.
    pub write: u64,
}

/// A secondary index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexDescription {
    /// Its name.
    pub name: String,
    /// A global one; local otherwise.
    pub global: bool,
    /// Its key; that of a global index may have several partition and sort attributes.
    pub key_schema: IndexKey,
    /// Which attributes it holds.
    pub projection: Projection,
    /// Its own units, where the table is provisioned and the index is global.
    pub throughput: Option<Throughput>,
}

/// Which attributes an index holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "attributes", rename_all = "snake_case")]
pub enum Projection {
    /// All of them.
    All,
    /// Just the keys.
    KeysOnly,
    /// The keys and these.
    Include(Vec<String>),
}

/// A table's stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamDescription {
    /// `LatestStreamArn`.
    pub arn: String,
    /// What its records hold.
    pub view: StreamView,
}

/// What a stream's records hold (`StreamViewType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StreamView {
    /// Keys only: not enough for a backup.
    KeysOnly,
    /// The record after the change.
    NewImage,
    /// The record before the change: not enough for a backup.
    OldImage,
    /// Both.
    NewAndOldImages,
}

impl StreamView {
    /// Whether a record holds what the table's record became.
    pub fn has_new_image(self) -> bool {
        matches!(self, Self::NewImage | Self::NewAndOldImages)
    }

    /// As the API says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KeysOnly => "KEYS_ONLY",
            Self::NewImage => "NEW_IMAGE",
            Self::OldImage => "OLD_IMAGE",
            Self::NewAndOldImages => "NEW_AND_OLD_IMAGES",
        }
    }
}

/// A table's encryption (`SSEDescription`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// `KMS` or `AES256`, as the API says it.
    pub kind: String,
    /// The key's ARN.
    pub kms_key: Option<String>,
}
