//! Recovery points and jobs.

mod change;
mod change_query;
mod detail;
mod get;
mod jobs;
mod list;
mod plan_change;
mod query;
mod search;

pub use change::{ChangePoints, change_points};
pub use change_query::ChangeQuery;
pub use detail::{GetPointDetail, get_point_detail};
pub use get::{GetPoint, get_point};
pub use jobs::{ListJobs, list_jobs};
pub use list::{ListPoints, list_points};
pub use plan_change::{PlanChange, plan_change};
pub use query::PointQuery;
pub use search::{SearchPoints, search_points};
