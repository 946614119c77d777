//! Proving on demand that a backup has everything that its table has.

mod run;
mod start;
mod step;

pub use run::{PROOF_KIND, ProofRun};
pub use start::start;
pub(super) use step::{NAME, ProveStep, Proving};
