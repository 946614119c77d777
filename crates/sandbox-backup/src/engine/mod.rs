//! The engine: all state of all accounts and Regions, moved by a clock that its owner holds.

mod advance;
mod authorization;
mod backup_jobs;
mod backup_progress;
mod copy_checks;
mod copy_jobs;
mod copy_progress;
mod driver;
mod events;
mod legal_holds;
mod lifecycle;
mod organization;
mod plans;
mod points;
mod protected;
mod quotas;
mod refusals;
mod region_settings;
mod restore_jobs;
mod rules;
mod seed_points;
mod selections;
mod state;
mod tags;
mod vaults;
mod work;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use jiff::Timestamp;

pub use backup_jobs::{BackupJobFilter, StartBackupJob, StartedBackupJob};
pub use copy_jobs::{CopyJobFilter, StartCopyJob};
pub use legal_holds::CreateLegalHold;
pub use organization::Organization;
pub use plans::CreatePlan;
pub use points::PointFilter;
pub use protected::ProtectedResource;
pub use quotas::Quotas;
pub use region_settings::RegionSettings;
pub use restore_jobs::{RestoreJobFilter, StartRestoreJob};
pub use seed_points::SeedPoints;
pub use vaults::{CreateVault, LockRequest};

use crate::{
    keys::Keys,
    model::{JobTiming, Outage, Scope, Settings},
    provider::ResourceProvider,
};
use state::{Capability, World};

pub(crate) type Providers = BTreeMap<&'static str, Arc<dyn ResourceProvider>>;

/// The simulated AWS Backup, without any protocol. Clones share the state.
///
/// Every operation takes the moment at which it happens, so that tests and histories move time by hand.
/// Nothing progresses by itself: call [`BackupEngine::tick`], or [`BackupEngine::spawn`] a driver that
/// does so as a clock goes.
#[derive(Clone)]
pub struct BackupEngine {
    world: Arc<Mutex<World>>,
    providers: Arc<RwLock<Providers>>,
    /// Held by whoever lets time pass, so that nobody lets later things happen before the answers to
    /// earlier ones are in.
    passing: Arc<Mutex<()>>,
}

impl BackupEngine {
    /// An engine without accounts, vaults or providers.
    pub fn new(settings: Settings) -> Self {
        Self {
            world: Arc::new(Mutex::new(World::new(settings))),
            providers: Arc::default(),
            passing: Arc::default(),
        }
    }

    /// Registers the provider of a resource type, in place of one registered before.
    ///
    /// A history is made quickly by registering providers that capture once and hand out the same data,
    /// and by putting the real ones back afterwards.
    pub fn register_provider(&self, provider: Arc<dyn ResourceProvider>) {
        let resource_type = provider.resource_type();
        self.world().add_type(
            resource_type,
            Capability {
                cold: provider.supports_cold_storage(),
                continuous: provider.supports_continuous(),
            },
        );
        self.providers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(resource_type, provider);
    }

    /// The provider registered for a type.
    pub fn provider(&self, resource_type: &str) -> Option<Arc<dyn ResourceProvider>> {
        self.providers().get(resource_type).cloned()
    }

    /// The types that can be backed up, sorted.
    pub fn supported_resource_types(&self) -> Vec<&'static str> {
        self.providers().keys().copied().collect()
    }

    /// Says where keys are looked up.
    pub fn register_keys(&self, keys: Arc<dyn Keys>) {
        self.world().keys = Some(keys);
    }

    /// Whether a key is one of AWS's own in an account and Region: the one of vaults that were made without a key, or one that
    /// goes by an alias of AWS.
    pub fn is_key_of_aws(&self, scope: &Scope, key: &str) -> bool {
        let mut world = self.world();
        key.contains(":alias/aws/")
            || world
                .scope(scope)
                .vaults
                .values()
                .any(|vault| vault.aws_managed_key && vault.encryption_key_arn == key)
    }

    /// Changes how long jobs take; jobs that have started keep their dates.
    pub fn set_timing(&self, timing: JobTiming) {
        self.world().settings.timing = timing;
    }

    /// Declares a time in which jobs cannot start.
    pub fn add_outage(&self, outage: Outage) {
        self.world().outages.push(outage);
    }

    /// The moment up to which the simulation has been moved.
    pub fn simulated_until(&self) -> Timestamp {
        self.world().now
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn providers(&self) -> Providers {
        self.providers
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
