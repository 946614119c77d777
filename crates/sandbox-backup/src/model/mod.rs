//! What the simulated service keeps.

mod backup_job;
mod copy_job;
mod legal_hold;
pub(crate) mod lifecycle;
mod page;
mod plan;
mod point;
mod restore_job;
mod scope;
mod selection;
mod settings;
mod vault;

pub use backup_job::{BackupJob, BackupJobState};
pub use copy_job::{CopyJob, CopyJobState};
pub use legal_hold::{HoldSelection, HoldStatus, LegalHold};
pub use lifecycle::{CalculatedLifecycle, Lifecycle};
pub use page::{Page, PageRequest};
pub use plan::{CopyAction, CreatedBy, Plan, PlanDocument, PlanRule, PlanVersion};
pub use point::{Continuous, PointStatus, RecoveryPoint};
pub use restore_job::{RestoreJob, RestoreJobState};
pub use scope::Scope;
pub use selection::{Condition, Conditions, SelectionDocument, StoredSelection, TagCondition};
pub use settings::{JobTiming, Outage, Settings};
pub use vault::{Vault, VaultLock, VaultType};
