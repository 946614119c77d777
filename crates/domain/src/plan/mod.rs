//! Backup plans: every field of the API kept, unknown ones too, and the rules that AWS Backup sets.

mod change;
mod check;
mod copy_access;
mod diff;
mod draft;
mod finding;
mod knowledge;
mod lifecycle;
mod model;
mod quotas;
mod record;
mod refusals;
pub(crate) mod spans;
mod support;
mod validate;
mod view;

pub use change::{
    PlanChange, PlanDeletion, PlanSibling, PlannedRun, Rollout, RolloutRequest, RolloutTarget,
    RuleRun, SelectionChange, SelectionStep,
};
pub use check::check;
pub use copy_access::allows_copies;
pub use diff::{
    Difference, canonical_plan, diff_plans, diff_selections, same_plan, same_selection,
};
pub use draft::{ImportedPlan, PlanDraft, PlanImport, SelectionDraft};
pub use finding::Finding;
pub use knowledge::{KnownVault, PlanKnowledge};
pub use lifecycle::{Lifecycle, days_text};
pub use model::{BackupPlan, BackupRule, CopyAction};
pub use quotas::Quotas;
pub use record::{
    PlanFilter, PlanKey, PlanRecord, PlanRow, PlanVersion, RegionSettings, SelectionRecord,
};
pub use refusals::Refusal;
pub use support::TypeSupport;
pub use validate::VaultLimits;
pub use view::{PlanContext, PlanDetail, next_runs};
