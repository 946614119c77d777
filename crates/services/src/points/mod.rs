//! Recovery points.

mod get;
mod jobs;
mod list;

pub use get::get;
pub use jobs::jobs;
pub use list::list;
