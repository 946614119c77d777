//! Copying recovery points into another vault: plan, start; and the run that carries it out.

mod facts;
mod plan;
mod policy;
mod run;
mod start;

pub use plan::plan;
pub use run::{COPY_POINTS_KIND, CopyPointsRun};
pub use start::{CopyConfirmed, start};
