//! The index of a backup, kept in the bucket beside it: everything that a new console needs.
//!
//! One JSON document per table, `<prefix>/_tidemark/<table>/index.json`, replaced by conditional
//! writes: two writers cannot lose each other's entries, and a segment and the watermark that it
//! moves become visible together.

mod document;
mod handle;
mod paths;

pub use document::{
    BackfillEntry, BackfillSegment, CaptureEntry, FORMAT, Gap, IndexDocument, LayoutKind,
    ProofEntry, Quarantined, Retired, RunEntry, SegmentEntry, ShardEntry, SnapshotEntry,
};
pub use handle::{IndexHandle, Updated};
pub use paths::BackupPaths;
