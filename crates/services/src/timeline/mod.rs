//! Resources over time.

mod lane;

pub use lane::lane;
