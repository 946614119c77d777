//! IAM, one operation per file.

mod role_arn;
mod simulate;
mod trust_policy;

pub(crate) use role_arn::role_arn;
pub(crate) use simulate::{simulate, simulate_role};
pub(crate) use trust_policy::{RoleTrust, trust_policy};
