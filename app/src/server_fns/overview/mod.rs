//! The whole estate at a glance.

mod get;

pub use get::{GetOverview, get_overview};
