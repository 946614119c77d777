//! Copies of everything under a prefix: plan, start; and the run that carries it out.

mod beside;
mod plan;
mod policy;
mod run;
mod start;

pub use plan::plan_copy;
pub(crate) use run::copy_targets_of;
pub use run::{COPY_KIND, CopyRun};
pub use start::copy;
