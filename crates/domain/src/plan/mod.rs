//! Backup plans: every field of the API kept, unknown ones too, and the rules that AWS Backup sets.

mod check;
mod finding;
mod knowledge;
mod lifecycle;
mod model;
mod quotas;
mod support;
mod validate;

pub use check::check;
pub use finding::Finding;
pub use knowledge::{KnownVault, PlanKnowledge};
pub use lifecycle::{Lifecycle, days_text};
pub use model::{BackupPlan, BackupRule, CopyAction};
pub use quotas::Quotas;
pub use support::TypeSupport;
pub use validate::VaultLimits;
