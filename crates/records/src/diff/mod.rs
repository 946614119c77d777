//! Differences: between two items by attribute, between two times, between backup and live table.

mod any;
mod attributes;
mod live;
mod numbers;
mod times;

pub use any::Diff;
pub use attributes::{AttributeChange, MAX_CHANGES, diff_items};
pub use live::LiveDiff;
pub use numbers::{is_rounding, large_numbers};
pub use times::{DiffCounts, DiffPage, RecordChange, TimesDiff, count_differences};

#[cfg(test)]
mod tests;
