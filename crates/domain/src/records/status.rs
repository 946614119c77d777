use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ShownKey;
use crate::PitrWindow;

/// What was last known of a capture: mostly what its index in the bucket says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaptureStatus {
    /// When this was last learnt.
    pub updated_at: Option<Timestamp>,
    /// Changes up to here are stored.
    pub read_until: Option<Timestamp>,
    /// Since when every second up to now can be restored; none before the first backfill is done,
    /// and none between a gap and the end of the next backfill.
    pub complete_from: Option<Timestamp>,
    /// The stretches of which every second can be restored, oldest first, at most the hundred
    /// newest: a gap ends one, and the next backfill begins another. Empty in what earlier releases
    /// stored.
    pub windows: Vec<PitrWindow>,
    /// Times of which changes are missing, newest first, at most a hundred.
    pub gaps: Vec<GapBounds>,
    /// What keeps changes from being stored; none when nothing does.
    pub last_error: Option<CaptureTrouble>,
    /// The newest comparison of table and backup.
    pub last_proof: Option<ProofSummary>,
    /// Segments that are not merged yet.
    pub segments: u64,
    /// Merged runs of segments.
    pub runs: u64,
    /// Changes in segments and runs.
    pub changes: u64,
    /// Bytes of segments and runs.
    pub bytes: u64,
    /// Snapshots in the form that `DynamoDB` imports.
    pub snapshots: u64,
    /// Changes that could not be understood; their text is kept.
    pub quarantined: u64,
}

impl CaptureStatus {
    /// The stretches of which every second can be restored, oldest first; none before the first copy
    /// is whole and the stream has told of a time since.
    pub fn windows(&self) -> Vec<PitrWindow> {
        if !self.windows.is_empty() {
            return self.windows.clone();
        }
        let whole = self.complete_from.zip(self.read_until);
        whole
            .filter(|(earliest, latest)| earliest <= latest)
            .map(|(earliest, latest)| PitrWindow { earliest, latest })
            .into_iter()
            .collect()
    }

    /// The newest of [`Self::windows`].
    pub fn newest_window(&self) -> Option<PitrWindow> {
        self.windows().pop()
    }
}

/// A time of which changes are missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapBounds {
    /// The stream's shard.
    pub shard: String,
    /// The last change that was stored before it, or when the capture began.
    pub from: Timestamp,
    /// The first change after it, or when it was noticed.
    pub until: Timestamp,
    /// When it was noticed.
    pub noticed_at: Timestamp,
}

/// What keeps changes from being stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureTrouble {
    /// Since when, as far as this worker knows.
    pub at: Timestamp,
    /// What went wrong, in a sentence that names table, bucket or shard.
    pub message: String,
}

/// A comparison of table and backup, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofSummary {
    /// The moment as of which they were compared.
    pub as_of: Timestamp,
    /// Records in the table.
    pub items: u64,
    /// Records that differ, or that one side lacks.
    pub differences: u64,
    /// Nothing differs, and everything could be read.
    pub complete: bool,
    /// The object in the bucket that holds the whole comparison.
    pub object: String,
}

/// What the newest comparison of table and backup found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofDetail {
    /// The moment as of which they were compared.
    pub as_of: Timestamp,
    /// When the comparison was done.
    pub finished_at: Timestamp,
    /// Records in the table.
    pub table_items: u64,
    /// Records in the backup.
    pub backup_items: u64,
    /// Digest over all records of the table, as the comparison met them.
    pub digest: String,
    /// Records that differed at first and agreed after another look: they changed meanwhile.
    pub settled: u64,
    /// Nothing differs, and everything could be read.
    pub complete: bool,
    /// Records that differ, the first of them.
    pub differences: Vec<ProofDifference>,
    /// How many differ.
    pub differences_total: u64,
    /// Parts that could not be read.
    pub troubles: Vec<String>,
}

/// A record that table and backup do not agree on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofDifference {
    /// Its key.
    pub key: ShownKey,
    /// How they differ, in a sentence's part.
    pub what: String,
}
