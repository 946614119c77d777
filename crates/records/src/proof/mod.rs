//! Proving that a backup is complete: the live table and the backup's newest state are compared by
//! digests, then by key where they differ; what changed meanwhile is settled.

mod options;
mod prove;
mod report;

pub use options::ProofOptions;
pub use prove::prove;
pub use report::{Difference, DifferenceKind, Proof};
