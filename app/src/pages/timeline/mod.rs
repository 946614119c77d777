//! Resources over time.

mod filters;
mod page;
mod section;

pub(crate) use page::TimelinePage;
pub(crate) use section::{Ask, timeline_section};
