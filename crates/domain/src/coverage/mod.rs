//! Whether resources are protected as the rules of the house ask: controls, evaluated over what the
//! catalogue knows.

mod control;
mod evaluate;
mod facts;
mod form;
mod report;

pub use control::{Control, ControlChange, ControlKind, ControlScope};
pub use evaluate::{ControlResult, evaluate};
pub use facts::{Coverage, CoverageFacts};
pub use form::ControlForm;
pub use report::{
    AccountCoverage, ControlCount, CoverageFilter, CoveragePage, CoverageRow, CoverageTotals,
    DayCount, coverage_row,
};
