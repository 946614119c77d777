//! Who else may use a bucket.

mod change;
mod check;
mod plan;
mod query;
mod roles;
mod show;

pub use change::{ChangePolicy, change_policy};
pub use check::{CheckAccess, check_access};
pub use plan::{PlanAccess, plan_access};
pub use query::{AccessQuery, Doing};
pub use roles::{FindRoles, find_roles};
pub use show::{ShowPolicy, show_policy};
