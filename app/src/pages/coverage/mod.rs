//! Whether resources are protected as the rules of the house ask.

mod controls;
mod report;
mod trend;

pub(crate) use controls::ControlsPage;
pub(crate) use report::CoveragePage;
