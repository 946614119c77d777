//! Backup plans: every field of the API kept, unknown ones too, and the rules that AWS Backup sets.

mod lifecycle;
mod model;
mod validate;

pub use lifecycle::Lifecycle;
pub use model::{BackupPlan, BackupRule, CopyAction};
pub use validate::VaultLimits;
