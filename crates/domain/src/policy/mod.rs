//! Policies that stand on a resource: read without losing a byte, added to, compared, explained,
//! checked for what is dangerous, and asked whether they allow something.
//!
//! Sources: "IAM JSON policy element reference", "Grammar of the IAM JSON policy language" and
//! "Policy evaluation logic" in the IAM user guide; "Bucket policies" in the S3 user guide.

mod access;
mod compare;
mod condition;
mod document;
mod evaluate;
mod explain;
mod lint;
mod merge;
mod proof;
mod remove;
mod spans;
mod statement;
mod task;
mod wildcard;

pub use access::{AccessChange, AccessPlan, AccessRequest, PolicyShown, RoleFound, StackRoles};
pub use compare::{StatementChange, StatementFate, compare};
pub use document::{BUCKET_POLICY_LIMIT, Document};
pub use evaluate::{Answer, Asked, evaluate};
pub use explain::explain;
pub use lint::{Danger, PolicyFinding, lint, lint_grants};
pub use merge::merge;
pub use proof::{AccessProof, GrantProof, HowProved};
pub use remove::remove;
pub use statement::{Effect, Listed, Principal, Statement, Who};
pub use task::{AccessTask, Grant, PROOF_FOLDER, PROOF_TAG, PROOF_TAG_VALUE, grants, statements};

#[cfg(test)]
mod tests;
