//! Deleting many recovery points, or changing their lifecycles: plan, start; and the run that carries
//! it out.

mod plan;
mod policy;
mod run;
mod start;

pub use plan::plan;
pub(super) use plan::{aliases, number, place, selected, targets};
pub(super) use policy::patterns;
pub(crate) use run::list_of_run;
pub use run::{CHANGE_LIFECYCLE_KIND, ChangeRun, DELETE_POINTS_KIND};
pub(super) use start::list_of;
pub use start::{Confirmed, start};
