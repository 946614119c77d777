//! Selections: which resources a plan takes, and by which clause.
//!
//! Source: "Assigning resources to a backup plan" in the AWS Backup developer guide:
//! `Resources` ∪ `ListOfTags`, then filtered by `Conditions` and `NotResources`.

mod check;
mod compiled;
mod dry_run;
mod model;
mod overlap;
mod take;

pub use check::check_selection;
pub use compiled::CompiledSelection;
pub use dry_run::{
    ClauseCount, DryRun, DryRunCounts, DryRunList, DryRunPlan, DryRunResource, DryRunRow,
    DryRunTake, ReasonCount, TypeCount,
};
pub use model::{BackupSelection, Condition, ConditionParameter, Conditions};
pub(crate) use overlap::windows_meet;
pub use overlap::{Overlap, OverlapRule};
pub use take::{Candidate, Clause};
