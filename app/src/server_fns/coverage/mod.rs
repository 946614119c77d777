//! Coverage and compliance.

mod changes;
mod controls;
mod put;
mod query;
mod remove;
mod report;

pub use changes::{ListControlChanges, list_control_changes};
pub use controls::{ListControls, list_controls};
pub use put::{PutControl, put_control};
pub use query::CoverageQuery;
pub use remove::{RemoveControl, remove_control};
pub use report::{GetCoverage, get_coverage};
