use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    error::Trouble,
    index::{Gap, ShardEntry},
};

/// What a comparison of table and backup found. Stored in the bucket, dated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The moment: every record that the table had then is accounted for.
    pub as_of: Timestamp,
    /// When the comparison was done.
    pub finished_at: Timestamp,
    /// Records in the table.
    pub table_items: u64,
    /// Records in the backup.
    pub backup_items: u64,
    /// Digest of all records of the table, as the scan met them.
    pub table_digest: String,
    /// Digest of all records of the backup.
    pub backup_digest: String,
    /// Ranges of keys compared.
    pub ranges: u64,
    /// Ranges whose digests differed at first.
    pub ranges_differing: u64,
    /// Records that differed at first and agreed after another look: they changed meanwhile.
    pub settled: u64,
    /// Records that differ.
    pub differences: Vec<Difference>,
    /// Parts of the backup, or records of the table, that could not be read.
    pub troubles: Vec<Trouble>,
    /// Times of which changes are missing; the present state is not affected once a backfill
    /// followed.
    pub gaps: Vec<Gap>,
    /// How far each shard was stored.
    pub watermarks: BTreeMap<String, ShardEntry>,
    /// Nothing differs and everything could be read.
    pub complete: bool,
}

/// A record that table and backup do not agree on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Its key.
    pub key: String,
    /// How they differ.
    pub kind: DifferenceKind,
    /// All that differs are numbers beyond 2⁵³, rounded: the older tool's backfill damaged them.
    pub rounded: bool,
}

/// How table and backup differ on a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// The table has it, the backup does not.
    MissingInBackup,
    /// The backup has it, the table does not.
    MissingInTable,
    /// Both have it, differently.
    Differs,
}
