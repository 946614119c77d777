//! IAM, one operation per file.

mod simulate;
mod trust_policy;

pub(crate) use simulate::simulate;
pub(crate) use trust_policy::{RoleTrust, trust_policy};
