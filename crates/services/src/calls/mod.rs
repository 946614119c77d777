//! Every call of AWS, one row each: what it needs, on what, and what for.
//!
//! From the rows come the roles of the accounts, the session policies of runs, the check before a
//! run, the account check's words, and the table in `docs/permissions.md`.

mod call;
mod check;
mod circumstances;
mod document;
mod needs;
mod role_policy;
mod row;
mod session_policy;
mod table;
#[cfg(test)]
mod tests;

pub use document::document;
pub use row::{Effect, Need, On, Row, When};
pub use session_policy::SessionPolicy;
pub use table::Call;
pub use tidemark_domain::Feature;

pub use needs::{RoleNeed, role_needs};
pub use role_policy::{Place, policy_of, role_policy};

pub(crate) use check::{check, refusal};
pub(crate) use circumstances::circumstances;
pub(crate) use role_policy::diagnosis_actions;
pub(crate) use session_policy::SCALING_ROLE;

/// The service that makes the service-linked role of auto scaling of tables.
const SCALING: &str = "dynamodb.application-autoscaling.amazonaws.com";
