//! Resources over time.

mod ask;
mod get;
mod range;

pub use ask::TimelineAsk;
pub use get::{GetTimeline, get_timeline};
pub use range::Range;
