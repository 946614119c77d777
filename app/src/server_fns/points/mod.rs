//! Recovery points and jobs of a resource.

mod get;
mod jobs;
mod list;

pub use get::{GetPoint, get_point};
pub use jobs::{ListJobs, list_jobs};
pub use list::{ListPoints, list_points};
