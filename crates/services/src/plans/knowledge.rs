use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tidemark_domain::{
    Arn, Resource, Scope, Vault, VaultKind,
    plan::{
        BackupPlan, BackupRule, KnownVault, PlanKnowledge, PlanRecord, RegionSettings, VaultLimits,
        allows_copies,
    },
    selection::{BackupSelection, Candidate, CompiledSelection},
};

use crate::{ServiceError, Services};

/// Vaults of the scopes that were looked at, each scope once.
#[derive(Default)]
pub(super) struct Vaults(BTreeMap<Scope, Vec<Vault>>);

impl Vaults {
    /// Reads the vaults of a scope.
    pub(super) async fn read(
        &mut self,
        services: &Services,
        scope: &Scope,
    ) -> Result<(), ServiceError> {
        if !self.0.contains_key(scope) {
            let vaults = services.catalogue.vaults(scope).await?;
            self.0.insert(scope.clone(), vaults);
        }
        Ok(())
    }

    /// Reads the vaults of a plan's scope, and of the scopes to which it copies.
    pub(super) async fn read_for(
        &mut self,
        services: &Services,
        scope: &Scope,
        plan: &BackupPlan,
    ) -> Result<(), ServiceError> {
        self.read(services, scope).await?;
        let copies = plan.rules.iter().flat_map(BackupRule::copies);
        for destination in copies.filter_map(|copy| scope_of(&copy.destination_backup_vault_arn)) {
            self.read(services, &destination).await?;
        }
        Ok(())
    }

    fn known(&self, home: &Scope) -> Vec<KnownVault> {
        self.0
            .values()
            .flatten()
            .map(|vault| known_vault(vault, home))
            .collect()
    }
}

fn scope_of(vault: &str) -> Option<Scope> {
    let arn = Arn::parse(vault).ok()?;
    Some(Scope {
        account: arn.account().parse().ok()?,
        region: arn.region().parse().ok()?,
    })
}

fn known_vault(vault: &Vault, home: &Scope) -> KnownVault {
    let policy = vault.access_policy.as_deref();
    KnownVault {
        air_gapped: Some(vault.kind == VaultKind::AirGapped),
        allows_copies: policy.and_then(|policy| allows_copies(policy, &home.account)),
        ..KnownVault::from(vault)
    }
}

/// What is known around any plan of a scope, from the vaults that were read.
pub(super) fn knowledge_of(scope: &Scope, vaults: &Vaults, now: Timestamp) -> PlanKnowledge {
    PlanKnowledge {
        home: Some((scope.account.clone(), scope.region.clone())),
        vaults: vaults.known(scope),
        // A scope without a single vault was probably never read: AWS makes one by itself.
        vaults_are_complete: vaults.0.get(scope).is_some_and(|vaults| !vaults.is_empty()),
        now: Some(now),
        ..PlanKnowledge::default()
    }
}

/// The limits of the locked vaults around these plans of a scope, and the vaults that are known to let it
/// copy nothing into them, by ARN: what a simulation has to know of vaults.
pub(crate) async fn vault_rules(
    services: &Services,
    scope: &Scope,
    plans: &[PlanRecord],
) -> Result<(BTreeMap<String, VaultLimits>, BTreeSet<String>), ServiceError> {
    let mut vaults = Vaults::default();
    for plan in plans {
        vaults.read_for(services, scope, &plan.plan).await?;
    }
    let (mut locks, mut closed) = (BTreeMap::new(), BTreeSet::new());
    for vault in vaults.known(scope) {
        if vault.account != scope.account && vault.allows_copies == Some(false) {
            closed.insert(vault.arn.to_string());
        }
        if let Some(limits) = vault.limits {
            locks.insert(vault.arn.to_string(), limits);
        }
    }
    Ok((locks, closed))
}

/// Everything in the catalogue that the check and the dry run of a plan look at.
pub(super) struct Surroundings {
    pub(super) vaults: Vaults,
    pub(super) settings: RegionSettings,
    pub(super) resources: Vec<Resource>,
    /// Plans of the scope.
    pub(super) plans: Vec<PlanRecord>,
}

impl Surroundings {
    /// Reads them for a plan in a scope.
    pub(super) async fn read(
        services: &Services,
        scope: &Scope,
        plan: &BackupPlan,
    ) -> Result<Self, ServiceError> {
        let mut vaults = Vaults::default();
        vaults.read_for(services, scope, plan).await?;
        Ok(Self {
            vaults,
            settings: services
                .catalogue
                .region_settings(scope)
                .await?
                .unwrap_or_default(),
            resources: services.catalogue.candidates(scope).await?,
            plans: services.catalogue.plans_of(scope).await?,
        })
    }

    /// What is known around a plan with these selections; `own` is its id, when it exists.
    pub(super) fn knowledge(
        &self,
        scope: &Scope,
        selections: &[BackupSelection],
        own: Option<&str>,
        now: Timestamp,
    ) -> PlanKnowledge {
        let mut known = knowledge_of(scope, &self.vaults, now);
        known.exists = own.is_some();
        known.opt_in.clone_from(&self.settings.opt_in);
        known.types = self
            .taken(selections)
            .map(|resource| resource.resource_type.clone())
            .collect();
        known.other_plans = Some(
            self.plans
                .iter()
                .filter(|plan| Some(plan.id.as_str()) != own)
                .map(|plan| plan.plan.backup_plan_name.clone())
                .collect::<BTreeSet<_>>(),
        );
        known
    }

    /// The resources that any of these selections takes.
    pub(super) fn taken<'a>(
        &'a self,
        selections: &'a [BackupSelection],
    ) -> impl Iterator<Item = &'a Resource> {
        taken_of(&self.resources, &self.settings, selections)
    }
}

fn taken_of<'a>(
    resources: &'a [Resource],
    settings: &'a RegionSettings,
    selections: &'a [BackupSelection],
) -> impl Iterator<Item = &'a Resource> {
    let compiled: Vec<CompiledSelection<'a>> =
        selections.iter().map(CompiledSelection::new).collect();
    resources.iter().filter(move |resource| {
        let candidate = Candidate {
            arn: resource.arn.as_str(),
            tags: &resource.tags,
            opted_in: settings.opted_in(resource.resource_type.as_str()),
        };
        compiled.iter().any(|one| one.take(candidate).takes())
    })
}

/// How many of the resources a plan takes.
pub(crate) fn taken_count(
    plan: &PlanRecord,
    resources: &[Resource],
    settings: &RegionSettings,
) -> u64 {
    let selections: Vec<BackupSelection> = plan
        .selections
        .iter()
        .map(|one| one.selection.clone())
        .collect();
    let count = taken_of(resources, settings, &selections).count();
    u64::try_from(count).unwrap_or(u64::MAX)
}
