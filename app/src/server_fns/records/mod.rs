//! Record-level backups: captures, records, comparisons, undoing.

mod compare;
mod compare_query;
mod forget;
mod get;
mod get_undo;
mod history;
mod list;
mod mode;
pub(crate) mod moment;
mod of_table;
mod plan_undo;
mod proof;
mod prove;
mod record_query;
mod search;
mod setup;
mod setup_query;
mod start_undo;
mod undo_query;

pub use compare::{CompareRecords, compare_records};
pub use compare_query::CompareQuery;
pub use forget::{ForgetCapture, forget_capture};
pub use get::{GetCapture, get_capture};
pub use get_undo::{GetUndo, get_undo};
pub use history::{GetRecordHistory, get_record_history};
pub use list::{ListCaptures, list_captures};
pub use mode::{SetCaptureMode, set_capture_mode};
pub use of_table::{CapturesOfTable, captures_of_table};
pub use plan_undo::{PlanUndo, plan_undo};
pub use proof::{GetProof, get_proof};
pub use prove::{ProveCapture, prove_capture};
pub use record_query::RecordQuery;
pub use search::{SearchRecords, search_records};
pub use setup::{
    PrefillSetup, PreviewSetup, StartSetup, prefill_setup, preview_setup, start_setup,
};
pub use setup_query::SetupQuery;
pub use start_undo::{StartUndo, start_undo};
pub use undo_query::UndoQuery;

use crate::query::link;

/// The page of a capture.
pub(crate) fn capture_href(capture: &str) -> String {
    link("/records/view", "capture", capture)
}
