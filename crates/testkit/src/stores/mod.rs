//! In-memory stores with the semantics of the ports.

mod accounts;
mod audit;
mod captures;
mod catalogue;
mod holds;
mod insight;
mod items;
mod jobs;
mod known;
mod lane;
mod permissions;
mod plans;
mod points;
mod resources;
mod sets;
mod starts;
mod users;

pub use accounts::FakeAccountStore;
pub use audit::FakeAuditLog;
pub use captures::FakeCaptures;
pub use catalogue::FakeCatalogue;
pub use insight::FakeInsight;
pub use items::FakeRunItems;
pub use permissions::FakePermissions;
pub use sets::FakeSets;
pub use starts::FakeRunStarts;
pub use users::FakeUserStore;

use tidemark_domain::{Invalid, Page};
use tidemark_services::error::StoreError;

/// Cuts one page out of an ordered list; the cursor is an offset.
pub(crate) fn page<T: Clone>(
    rows: &[T],
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<T>, StoreError> {
    let start = match cursor {
        None => 0,
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| Invalid::new("cursor", "must be one that a list gave"))?,
    };
    let end = start.saturating_add(limit).min(rows.len());
    Ok(Page {
        items: rows.get(start..end).unwrap_or_default().to_vec(),
        next: (end < rows.len()).then(|| end.to_string()),
        total: u64::try_from(rows.len()).ok(),
    })
}
