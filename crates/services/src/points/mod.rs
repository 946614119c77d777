//! Recovery points.

pub mod change;
pub mod copy;
mod detail;
mod get;
mod jobs;
mod list;

pub use detail::detail;
pub use get::get;
pub use jobs::jobs;
pub use list::list;
