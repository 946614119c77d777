//! Snapshots in the form in which DynamoDB exports a table to S3, so that `ImportTable` restores
//! them with AWS's own engine.

mod data_file;
mod manifest;
mod write;

pub use manifest::{ManifestFile, ManifestSummary};
pub use write::{SnapshotOptions, snapshot_id, write_snapshot};
