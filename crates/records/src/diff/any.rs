use super::{DiffCounts, DiffPage, LiveDiff, TimesDiff};
use crate::error::RecordsError;

/// A comparison, whatever it compares with.
pub enum Diff {
    /// With another time.
    Times(TimesDiff),
    /// With the live table.
    Live(Box<LiveDiff>),
}

impl Diff {
    /// The next differences; none at the end.
    pub async fn next_page(&mut self) -> Result<Option<DiffPage>, RecordsError> {
        match self {
            Self::Times(diff) => diff.next_page().await,
            Self::Live(diff) => diff.next_page().await,
        }
    }

    /// What was counted so far; all of it after the last page.
    pub fn counts(&self) -> DiffCounts {
        match self {
            Self::Times(diff) => diff.counts(),
            Self::Live(diff) => diff.counts(),
        }
    }
}
