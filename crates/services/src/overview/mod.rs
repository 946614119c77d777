//! The whole estate at a glance.

mod get;

pub use get::get;
