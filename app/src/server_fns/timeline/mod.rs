//! Resources over time.

mod lane;
mod range;

pub use lane::{GetLane, get_lane};
pub use range::Range;
