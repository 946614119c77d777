//! Selections: which resources a plan takes, and by which clause.
//!
//! Source: "Assigning resources to a backup plan" in the AWS Backup developer guide:
//! `Resources` ∪ `ListOfTags`, then filtered by `Conditions` and `NotResources`.

mod model;
mod take;

pub use model::{BackupSelection, Condition, ConditionParameter, Conditions};
pub use take::{Candidate, Clause};
