//! Record-level backups of DynamoDB tables: set-up, capture, proof, and opening one for reading.

pub mod compare;
mod errors;
mod get;
mod history;
mod list;
mod of_table;
mod open_backup;
mod opened;
mod policy;
mod proof;
pub mod prove;
mod remove;
mod restoring;
mod search;
mod set_mode;
pub mod setup;
mod shown;
mod status;
pub mod undo;
mod view;
mod worker;

pub(crate) use errors::{records_error, records_step_error};
pub(crate) use get::find;
pub use get::get;
pub use history::{history, version_text};
pub use list::list;
pub use of_table::of_table;
pub(crate) use open_backup::index_of;
pub use open_backup::open_backup;
pub use proof::proof;
pub use remove::remove;
pub(crate) use restoring::{allow_restore, load_id, partition_value};
pub use search::search;
pub use set_mode::set_mode;
pub use status::status_of;
pub use worker::{CaptureConfig, CaptureWorker};

use tidemark_domain::records::CaptureLayout;
use tidemark_records::index::LayoutKind;

/// The layout in the engine's words.
fn layout_of(layout: CaptureLayout) -> LayoutKind {
    match layout {
        CaptureLayout::Segments => LayoutKind::Segments,
        CaptureLayout::Objects => LayoutKind::Objects,
    }
}
