//! Checkpoints for those who have no database.

mod bucket;

pub use bucket::BucketCheckpoints;
