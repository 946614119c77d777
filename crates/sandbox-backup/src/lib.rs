//! The simulated AWS Backup service: jobs, plans, lifecycle, locks, copies and restores by a clock.
//!
//! [`BackupEngine`] is the service without a protocol. [`BackupService`] puts it behind the wire protocol
//! of AWS Backup as an `awsim_core::ServiceHandler`.
//!
//! ```ignore
//! let engine = BackupEngine::new(Settings::default());
//! engine.register_provider(Arc::new(MyDynamoDbProvider::new(..)));
//! engine.set_organization(..);                       // optional: by default all accounts are in one
//! let driver = engine.spawn(clock.clone(), Duration::from_millis(100));
//! let service = Arc::new(BackupService::new(engine.clone(), clock));
//! let routes = service.routes();
//! state.register(service, routes);
//! ```
//!
//! What the engine asks of a [`ResourceProvider`]:
//! - `list` each time a plan fires, and `capture` when a backup job starts; `at` is the simulated moment of
//!   that. For a continuous point `capture` is called when it is **restored**, with `at` the second that the
//!   caller asked for.
//! - `restore` in the account and Region of the caller, which for a copied point are not those of the
//!   resource. A second call with the same metadata must fail as the service would (name taken).
//! - An error becomes the job's status message and the job `FAILED`.
//! - Calls come from Tokio's blocking pool (`BackupEngine::spawn`) or from the thread that calls
//!   [`BackupEngine::tick`]. They may block, but a provider that blocks on async work must not be ticked from
//!   within the runtime's own worker threads.
//!
//! For a gateway that evaluates resource policies, [`BackupEngine::vault_access_policy`] answers the policy
//! of a vault.

mod arn;
mod clock;
mod engine;
mod error;
mod keys;
mod matching;
pub mod model;
mod operations;
mod provider;
mod schedule;
mod service;
mod validate;
mod wire;

pub use clock::SimClock;
pub use engine::{
    BackupEngine, BackupJobFilter, CopyJobFilter, CreateLegalHold, CreatePlan, CreateVault,
    LockRequest, Organization, PointFilter, ProtectedResource, Quotas, RegionSettings,
    RestoreJobFilter, SeedPoints, StartBackupJob, StartCopyJob, StartRestoreJob, StartedBackupJob,
};
pub use error::{BackupError, ErrorKind};
pub use keys::{Key, Keys};
pub use provider::{Captured, ProviderError, ResourceProvider, SimResource};
pub use schedule::{DEFAULT_SCHEDULE, Schedule};
pub use service::BackupService;
