use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a stream held, as its format says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "kebab-case")]
pub enum Content {
    /// A text backup of Aerospike.
    Aerospike(AerospikeContent),
    /// A binary backup of Aerospike.
    Asbx(AsbxContent),
    /// A snapshot of Redis or Valkey.
    Rdb(RdbContent),
    /// Something whose format was not read.
    Unread,
}

/// What a text backup of Aerospike held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AerospikeContent {
    /// The version in its first line.
    pub version: String,
    /// The namespace in its metadata, where it names one.
    pub namespace: Option<String>,
    /// Whether it says that it is the first file of its backup, which alone holds indexes and functions.
    pub first_file: bool,
    /// Records altogether.
    pub records: u64,
    /// Records by namespace and set; those without a set under an empty name.
    pub sets: BTreeMap<String, BTreeMap<String, u64>>,
    /// Records of more sets than are listed.
    pub other_sets: u64,
    /// Bins altogether.
    pub bins: u64,
    /// Secondary indexes.
    pub indexes: u64,
    /// User-defined functions.
    pub functions: u64,
}

/// What a binary backup of Aerospike held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsbxContent {
    /// The namespace in its header.
    pub namespace: String,
    /// Its number among the files of its backup.
    pub file: u64,
    /// Records.
    pub records: u64,
}

/// What a snapshot of Redis or Valkey held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RdbContent {
    /// The first nine bytes: `REDIS0011`, `VALKEY080`.
    pub header: String,
    /// What the snapshot says of the server that wrote it.
    pub server: Option<String>,
    /// Keys altogether.
    pub keys: u64,
    /// Keys by database, in the order of their numbers; those without keys are left out.
    pub databases: Vec<RdbDatabase>,
    /// Libraries of functions.
    pub functions: u64,
    /// Whether the checksum at the end was right, or is missing.
    pub checksum: Checked,
}

/// Keys of one database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RdbDatabase {
    /// Its number.
    pub number: u64,
    /// All of them.
    pub keys: u64,
    /// Those that expire.
    pub expiring: u64,
}

/// A format's own checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checked {
    /// It was right.
    Right,
    /// The server was told to write none, or its version knows none.
    Absent,
}

impl Content {
    /// The name of the format.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Aerospike(_) => "aerospike",
            Self::Asbx(_) => "asbx",
            Self::Rdb(_) => "rdb",
            Self::Unread => "none",
        }
    }

    /// What was counted, in a few words.
    pub fn words(&self) -> String {
        match self {
            Self::Aerospike(content) => format!(
                "{} records, {} indexes, {} functions",
                content.records, content.indexes, content.functions
            ),
            Self::Asbx(content) => format!("{} records", content.records),
            Self::Rdb(content) => format!(
                "{} keys in {} databases",
                content.keys,
                content.databases.len()
            ),
            Self::Unread => "-".to_owned(),
        }
    }
}
