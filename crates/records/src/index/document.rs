use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ports::{TableDescription, Watermark};

/// The least that two moments are apart.
const MOMENT: SignedDuration = SignedDuration::from_millis(1);

/// What `format` says in every index.
pub const FORMAT: &str = "tidemark-records";

/// How a table's changes are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayoutKind {
    /// One object per record, each version a change.
    Objects,
    /// Batches of changes, sorted and compressed.
    Segments,
}

/// The index of one table's backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexDocument {
    /// [`FORMAT`].
    pub format: String,
    /// Version of this document's form: 1.
    pub version: u32,
    /// How changes are stored.
    pub layout: LayoutKind,
    /// The table as last described: enough to create it anew.
    pub table: TableDescription,
    /// Capture of the stream, once it began.
    #[serde(default)]
    pub capture: Option<CaptureEntry>,
    /// Times of which changes are missing.
    #[serde(default)]
    pub gaps: Vec<Gap>,
    /// Scans that stored what was there before the capture.
    #[serde(default)]
    pub backfills: Vec<BackfillEntry>,
    /// Segments not yet merged into a run.
    #[serde(default)]
    pub segments: Vec<SegmentEntry>,
    /// Merged segments.
    #[serde(default)]
    pub runs: Vec<RunEntry>,
    /// Snapshots in DynamoDB's export form.
    #[serde(default)]
    pub snapshots: Vec<SnapshotEntry>,
    /// Changes that could not be understood; their text is kept.
    #[serde(default)]
    pub quarantine: Vec<Quarantined>,
    /// The latest proofs, newest last.
    #[serde(default)]
    pub proofs: Vec<ProofEntry>,
    /// Segments that a run replaced, to be deleted later.
    #[serde(default)]
    pub retired: Vec<Retired>,
    /// No object is named by a key whose numbers are spelled as neither DynamoDB nor JavaScript
    /// spells them. Not said by earlier releases, which named objects by keys as they came.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub canonical_names: bool,
}

impl IndexDocument {
    /// The index of a backup that has nothing yet.
    pub fn new(layout: LayoutKind, table: TableDescription) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: 1,
            layout,
            table,
            capture: None,
            gaps: Vec::new(),
            backfills: Vec::new(),
            segments: Vec::new(),
            runs: Vec::new(),
            snapshots: Vec::new(),
            quarantine: Vec::new(),
            proofs: Vec::new(),
            retired: Vec::new(),
            canonical_names: true,
        }
    }

    /// The earliest second as of which every record is known: when the last backfill that has no
    /// gap after its beginning was done. None before that.
    pub fn complete_from(&self) -> Option<Timestamp> {
        let last_gap = self.gaps.iter().map(|gap| gap.until).max();
        self.backfills
            .iter()
            .filter(|backfill| last_gap.is_none_or(|gap| backfill.started_at >= gap))
            .filter_map(|backfill| backfill.completed_at)
            .min()
    }

    /// The stretches of which every second is known, from and until, oldest first. One begins when a
    /// backfill is done, and ends before the first gap that is not over by the time the backfill
    /// began, or where the stream is stored to.
    pub fn windows(&self) -> Vec<(Timestamp, Timestamp)> {
        let Some(stored_until) = self.stored_until() else {
            return Vec::new();
        };
        let known = |backfill: &BackfillEntry| {
            let from = backfill.completed_at?;
            let later = self
                .gaps
                .iter()
                .filter(|gap| gap.until > backfill.started_at);
            // In the second of the last change before a gap others may be lost.
            let until = later
                .map(|gap| gap.from.checked_sub(MOMENT).unwrap_or(Timestamp::MIN))
                .chain([stored_until])
                .min()?;
            (from <= until).then_some((from, until))
        };
        let mut known: Vec<_> = self.backfills.iter().filter_map(known).collect();
        known.sort_unstable();
        let mut windows: Vec<(Timestamp, Timestamp)> = Vec::new();
        for (from, until) in known {
            match windows.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => windows.push((from, until)),
            }
        }
        windows
    }

    /// The time up to which the stream is stored: the oldest watermark of the shards that are open,
    /// or whose keys went on to shards that are not read yet.
    pub fn stored_until(&self) -> Option<Timestamp> {
        let shards = &self.capture.as_ref()?.shards;
        let parents: BTreeSet<&str> = shards
            .values()
            .filter_map(|shard| shard.parent.as_deref())
            .collect();
        shards
            .iter()
            .filter(|(id, shard)| !shard.mark.closed || !parents.contains(id.as_str()))
            .map(|(_, shard)| shard.mark.at)
            .min()
            .flatten()
    }

    /// Adds a segment unless it is there.
    pub fn add_segment(&mut self, entry: SegmentEntry) {
        if !self.segments.iter().any(|have| have.name == entry.name) {
            self.segments.push(entry);
        }
    }
}

/// Capture of a table's stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureEntry {
    /// The stream.
    pub stream: String,
    /// Since when changes are captured without a gap.
    pub since: Timestamp,
    /// How far each shard is stored. Shards that the stream forgot, and that were stored to their
    /// end, leave.
    pub shards: BTreeMap<String, ShardEntry>,
}

/// How far a shard is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardEntry {
    /// Its parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// How far.
    pub mark: Watermark,
}

/// A time of which changes are missing: the stream had forgotten them before they were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The shard.
    pub shard: String,
    /// The last change that was stored before the gap; none when the shard was never read.
    pub after_sequence: Option<String>,
    /// Time of the last change before the gap, or when the capture began.
    pub from: Timestamp,
    /// The first change after the gap; none when nothing is left of the shard.
    pub until_sequence: Option<String>,
    /// Time of the first change after the gap, or when the gap was noticed.
    pub until: Timestamp,
    /// When it was noticed.
    pub noticed_at: Timestamp,
}

/// A scan that stores what was there before the capture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackfillEntry {
    /// Its id, chosen by who starts it.
    pub id: String,
    /// The time that its records carry: since when the stream is captured without a gap.
    pub base: Timestamp,
    /// When it was started.
    pub started_at: Timestamp,
    /// When all was stored.
    pub completed_at: Option<Timestamp>,
    /// Its parallel parts.
    pub segments: Vec<BackfillSegment>,
}

/// One part of a parallel scan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackfillSegment {
    /// The key after which to go on, in wire form; none at the beginning.
    pub next: Option<String>,
    /// Done.
    pub done: bool,
    /// Records read.
    pub items: u64,
}

/// A segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentEntry {
    /// The object's name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Changes in it.
    pub events: u64,
    /// Time of its oldest change, in milliseconds since 1970.
    pub first: i64,
    /// Time of its newest change, in milliseconds since 1970.
    pub last: i64,
    /// Text of its first key.
    pub min_key: String,
    /// Text of its last key.
    pub max_key: String,
    /// The numbers of its keys are spelled as DynamoDB spells them. Not said by earlier releases,
    /// which kept them as they came.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub canonical: bool,
}

/// Segments merged into one sorted run of pieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEntry {
    /// Name of the object that lists the pieces, a JSON array of [`SegmentEntry`].
    pub list: String,
    /// SHA-256 of the list.
    pub sha256: String,
    /// Pieces.
    pub pieces: u64,
    /// Changes.
    pub events: u64,
    /// Length of all pieces.
    pub bytes: u64,
    /// Time of the oldest change, in milliseconds since 1970.
    pub first: i64,
    /// Time of the newest change, in milliseconds since 1970.
    pub last: i64,
    /// The numbers of its keys are spelled as DynamoDB spells them, whatever its pieces say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub canonical: bool,
}

/// A snapshot in DynamoDB's export form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotEntry {
    /// Its id.
    pub id: String,
    /// Its folder, which ends in `AWSDynamoDB/<id>/`.
    pub prefix: String,
    /// The moment whose state it holds.
    pub as_of: Timestamp,
    /// When it was written.
    pub written_at: Timestamp,
    /// Records.
    pub items: u64,
    /// Compressed length of its data.
    pub bytes: u64,
    /// Data files.
    pub files: u64,
    /// SHA-256 of its `manifest-summary.json`.
    pub sha256: String,
}

/// A change that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The object that keeps its text.
    pub object: String,
    /// Its sequence number.
    pub sequence: String,
    /// The record's key, as far as it can be read.
    pub key: String,
    /// Its time.
    pub at: Timestamp,
    /// What is wrong with it.
    pub why: String,
}

/// A proof, in short; the whole lies in its own object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofEntry {
    /// The object.
    pub object: String,
    /// The moment as of which backup and table were compared.
    pub as_of: Timestamp,
    /// Records in the table.
    pub items: u64,
    /// Records that differ or are on one side only.
    pub differences: u64,
    /// Nothing differs and nothing could not be read.
    pub complete: bool,
}

/// An object that is no longer part of the backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    /// Its name.
    pub name: String,
    /// Since when.
    pub at: Timestamp,
}
