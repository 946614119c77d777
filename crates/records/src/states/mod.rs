//! What every record was at one or several moments, read from either layout.

mod backup;
mod history;
mod key_range;
mod merge;
mod page;
mod recent;
mod segments;

pub use backup::{Backup, States};
pub use history::RecordHistory;
pub use key_range::KeyRange;
pub use merge::SegmentMerge;
pub(crate) use merge::run_pieces;
pub use page::{RecordStates, StatesPage};
pub use recent::Recent;
pub use segments::SegmentStates;

#[cfg(test)]
mod spelled_tests;
