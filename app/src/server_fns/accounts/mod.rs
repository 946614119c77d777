//! Registered accounts.

mod add;
mod check;
mod enrol;
mod get;
mod leaving;
mod list;
mod permission_query;
mod permissions;
mod refresh;
mod remove;
mod rotate;
mod template;

pub use add::{AddAccount, AddedAccount, add_account};
pub use check::{CheckAccount, check_account};
pub use enrol::{Enrol, PlanEnrolment, enrol, plan_enrolment};
pub use get::{GetAccount, get_account};
pub use leaving::{AccountLeaving, account_leaving};
pub use list::{ListAccounts, list_accounts};
pub use permission_query::PermissionQuery;
pub use permissions::{
    GetPermissions, ListPermissions, RefreshPermissions, get_permissions, list_permissions,
    refresh_permissions,
};
pub use refresh::{RefreshAccount, refresh_account};
pub use remove::{RemoveAccount, remove_account};
pub use rotate::{RotateAccount, rotate_account};
pub use template::{AccountTemplate, account_template};
