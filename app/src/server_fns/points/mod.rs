//! Recovery points and jobs.

mod change;
mod change_query;
mod copy;
mod copy_query;
mod detail;
mod get;
mod jobs;
mod list;
mod plan_change;
mod plan_copy;
mod query;
mod search;

pub use change::{ChangePoints, change_points};
pub use change_query::ChangeQuery;
pub use copy::{CopyPoints, copy_points};
pub use copy_query::PointsCopyQuery;
pub use detail::{GetPointDetail, get_point_detail};
pub use get::{GetPoint, get_point};
pub use jobs::{ListJobs, list_jobs};
pub use list::{ListPoints, list_points};
pub use plan_change::{PlanChange, plan_change};
pub use plan_copy::{PlanPointsCopy, plan_points_copy};
pub use query::PointQuery;
pub use search::{SearchPoints, search_points};
