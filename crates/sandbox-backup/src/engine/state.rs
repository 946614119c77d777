use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use rand::{Rng, SeedableRng, rngs::StdRng};
use uuid::{Builder, Uuid};

use super::{
    events::{Agenda, Event},
    organization::Organization,
    protected::ProtectedResource,
    quotas::Quotas,
    work::Work,
};
use crate::{
    error::BackupError,
    keys::Keys,
    model::{
        BackupJob, CopyJob, LegalHold, Lifecycle, Outage, Plan, RecoveryPoint, RestoreJob, Scope,
        Settings, Vault,
    },
};

/// Everything that one account keeps in one Region.
#[derive(Default)]
pub(crate) struct ScopeState {
    pub vaults: BTreeMap<String, Vault>,
    pub points: BTreeMap<u64, RecoveryPoint>,
    pub point_by_arn: HashMap<String, u64>,
    pub points_by_vault: HashMap<String, BTreeSet<u64>>,
    pub points_by_resource: HashMap<String, BTreeSet<u64>>,
    pub backup_jobs: BTreeMap<u64, BackupJob>,
    pub copy_jobs: BTreeMap<u64, CopyJob>,
    pub restore_jobs: BTreeMap<u64, RestoreJob>,
    pub job_by_id: HashMap<String, u64>,
    /// Resource → the one job that copies it now.
    pub running: HashMap<String, u64>,
    /// Operation and token → job.
    pub tokens: HashMap<(&'static str, String), u64>,
    pub plans: BTreeMap<String, Plan>,
    pub holds: BTreeMap<u64, LegalHold>,
    pub protected: BTreeMap<String, ProtectedResource>,
    pub opt_in: BTreeMap<String, bool>,
    pub management: BTreeMap<String, bool>,
}

impl ScopeState {
    /// Whether AWS Backup manages DynamoDB points itself; on in new accounts.
    pub(crate) fn managed_dynamodb(&self) -> bool {
        self.management.get("DynamoDB").copied().unwrap_or(true)
    }

    pub(crate) fn vault(&self, name: &str) -> Result<&Vault, BackupError> {
        self.vaults
            .get(name)
            .ok_or_else(|| BackupError::not_found(format!("Backup vault {name} does not exist")))
    }

    pub(crate) fn vault_mut(&mut self, name: &str) -> Result<&mut Vault, BackupError> {
        self.vaults
            .get_mut(name)
            .ok_or_else(|| BackupError::not_found(format!("Backup vault {name} does not exist")))
    }

    pub(crate) fn point_by_arn(&self, arn: &str) -> Option<&RecoveryPoint> {
        self.points.get(self.point_by_arn.get(arn)?)
    }

    pub(crate) fn add_point(&mut self, point: RecoveryPoint) {
        self.point_by_arn.insert(point.arn.clone(), point.seq);
        self.points_by_vault
            .entry(point.vault.clone())
            .or_default()
            .insert(point.seq);
        self.points_by_resource
            .entry(point.resource_arn.clone())
            .or_default()
            .insert(point.seq);
        if let Some(vault) = self.vaults.get_mut(&point.vault) {
            vault.point_count += 1;
        }
        self.points.insert(point.seq, point);
    }

    pub(crate) fn remove_point(&mut self, seq: u64) -> Option<RecoveryPoint> {
        let point = self.points.remove(&seq)?;
        self.point_by_arn.remove(&point.arn);
        if let Some(set) = self.points_by_vault.get_mut(&point.vault) {
            set.remove(&seq);
        }
        if let Some(set) = self.points_by_resource.get_mut(&point.resource_arn) {
            set.remove(&seq);
            if set.is_empty() {
                self.points_by_resource.remove(&point.resource_arn);
                self.protected.remove(&point.resource_arn);
            }
        }
        if let Some(vault) = self.vaults.get_mut(&point.vault) {
            vault.point_count = vault.point_count.saturating_sub(1);
        }
        Some(point)
    }
}

/// What a type's provider can do.
#[derive(Clone, Copy)]
pub(crate) struct Capability {
    pub cold: bool,
    pub continuous: bool,
}

pub(crate) struct World {
    pub settings: Settings,
    pub quotas: Quotas,
    pub now: Timestamp,
    pub agenda: Agenda,
    /// Calls to providers, to be made while no lock is held.
    pub work: Vec<Work>,
    pub scopes: BTreeMap<Scope, ScopeState>,
    pub organization: Organization,
    /// Where keys are looked up.
    pub keys: Option<Arc<dyn Keys>>,
    pub outages: Vec<Outage>,
    pub capabilities: BTreeMap<&'static str, Capability>,
    rng: StdRng,
    last_seq: u64,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        let rng = StdRng::seed_from_u64(settings.seed);
        Self {
            settings,
            quotas: Quotas::default(),
            now: Timestamp::MIN,
            agenda: Agenda::default(),
            work: Vec::new(),
            scopes: BTreeMap::new(),
            organization: Organization::default(),
            keys: None,
            outages: Vec::new(),
            capabilities: BTreeMap::new(),
            rng,
            last_seq: 0,
        }
    }

    pub(crate) fn scope(&mut self, scope: &Scope) -> &mut ScopeState {
        let known = &self.capabilities;
        self.scopes
            .entry(scope.clone())
            .or_insert_with(|| ScopeState {
                opt_in: known
                    .keys()
                    .map(|name| ((*name).to_owned(), true))
                    .collect(),
                management: [("DynamoDB", true), ("EFS", true)]
                    .into_iter()
                    .map(|(name, on)| (name.to_owned(), on))
                    .collect(),
                ..ScopeState::default()
            })
    }

    pub(crate) fn add_type(&mut self, resource_type: &'static str, capability: Capability) {
        self.capabilities.insert(resource_type, capability);
        for scope in self.scopes.values_mut() {
            scope.opt_in.entry(resource_type.to_owned()).or_insert(true);
        }
    }

    pub(crate) fn plan_event(&mut self, at: Timestamp, event: Event) {
        self.agenda.plan(at, event);
    }

    pub(crate) fn next_seq(&mut self) -> u64 {
        self.last_seq += 1;
        self.last_seq
    }

    pub(crate) fn new_uuid(&mut self) -> Uuid {
        Builder::from_random_bytes(self.rng.random()).into_uuid()
    }

    /// A job id: a UUID in capitals, as AWS Backup writes it.
    pub(crate) fn new_job_id(&mut self) -> String {
        self.new_uuid().hyphenated().to_string().to_uppercase()
    }

    /// The base duration, varied as the settings say.
    pub(crate) fn vary(&mut self, base: SignedDuration) -> SignedDuration {
        let spread = f64::from(self.settings.timing.spread_percent) / 100.0;
        if spread == 0.0 {
            return base;
        }
        let factor = 1.0 + spread * self.rng.random_range(-1.0..1.0);
        SignedDuration::try_from_secs_f64(base.as_secs_f64() * factor).unwrap_or(base)
    }

    /// Whether a point of this type with this lifecycle moves to cold storage at all. EBS archives only
    /// where the lifecycle opts in; other types ignore the transition silently.
    pub(crate) fn cold_supported(&self, resource_type: &str, lifecycle: &Lifecycle) -> bool {
        let able = self
            .capabilities
            .get(resource_type)
            .is_some_and(|capability| capability.cold);
        able && (resource_type != "EBS"
            || lifecycle.opt_in_to_archive_for_supported_resources == Some(true))
    }

    pub(crate) fn in_outage(&self, scope: &Scope, resource_arn: &str, now: Timestamp) -> bool {
        self.outages.iter().any(|outage| {
            outage.scope == *scope
                && outage
                    .resource_arn
                    .as_deref()
                    .is_none_or(|arn| arn == resource_arn)
                && (outage.from..outage.until).contains(&now)
        })
    }
}

/// `from + by`, or the last moment there is.
pub(crate) fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}
