use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{KeyName, Shown, ShownChanges, ShownKey};

/// How a record is named: by its exact key, or by the values of its key's attributes as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyAsk {
    /// The key in `DynamoDB`'s own JSON; empty when the values are given.
    pub text: String,
    /// The partition key's value: a string or number as it is, binary in base64.
    pub partition: String,
    /// The sort key's value; empty for a table without one.
    pub sort: String,
}

/// The versions of one record, a page of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordHistory {
    /// Its key.
    pub key: ShownKey,
    /// How many versions are known.
    pub total: u64,
    /// Some of them, newest first.
    pub versions: Vec<RecordVersion>,
    /// Where the next page begins; none at the end.
    pub older: Option<u64>,
    /// Since when every second is known; none where the first copy is not whole.
    pub complete_from: Option<Timestamp>,
    /// Up to when changes are stored.
    pub read_until: Option<Timestamp>,
    /// Parts of the backup that could not be read and may hold more versions.
    pub troubles: Vec<String>,
}

/// One version of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordVersion {
    /// Its place among the known versions, the oldest first, from 1.
    pub number: u64,
    /// When it became so.
    pub at: Timestamp,
    /// How it is known.
    pub origin: VersionOrigin,
    /// The stream's sequence number.
    pub sequence: Option<String>,
    /// What happened.
    pub kind: VersionKind,
    /// What differs from the version before.
    pub changes: ShownChanges,
    /// The whole record, up to a limit; none when it was deleted.
    pub item: Option<Shown>,
}

/// How a version is known, and with that how exact its time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionOrigin {
    /// The table's stream told it, with the second.
    Stream,
    /// The first copy of the table met it: it may have been so for long.
    Backfill,
    /// An older tool stored it; the time is the storing's.
    Import,
}

impl VersionOrigin {
    /// In a few words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stream => "from the stream",
            Self::Backfill => "found by the first copy",
            Self::Import => "stored by an older tool",
        }
    }
}

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionKind {
    /// The first that is known of it: it was there.
    Found,
    /// It was not there before.
    Created,
    /// It was there, differently.
    Changed,
    /// Written again with the same content.
    Same,
    /// It is gone.
    Deleted,
}

impl VersionKind {
    /// The word shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Same => "written again",
            Self::Deleted => "deleted",
        }
    }
}

/// What records to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordSearch {
    /// The beginning of the partition key where it is a string, its value otherwise; empty for the
    /// first records.
    pub begins: String,
    /// As of when; now by default.
    pub as_of: Option<Timestamp>,
}

/// Records that were there at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRecords {
    /// The attributes of the table's key.
    pub key_names: Vec<KeyName>,
    /// As of when.
    pub as_of: Timestamp,
    /// The records, the first of them.
    pub records: Vec<FoundRecord>,
    /// There are more of them.
    pub more: bool,
    /// Not all records were looked at: the search took too long.
    pub gave_up: bool,
    /// Parts of the backup that could not be read.
    pub troubles: Vec<String>,
}

/// A record that was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRecord {
    /// Its key.
    pub key: ShownKey,
    /// Since when it is as it is.
    pub since: Timestamp,
    /// What it held.
    pub item: Shown,
}
