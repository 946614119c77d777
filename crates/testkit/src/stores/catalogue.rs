use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::{
    AccountId, AccountOverview, Arn, Job, JobCause, JobFilter, JobRow, LegalHold, Page,
    PointFilter, Protection, RecoveryPoint, Resource, ResourceDetail, ResourceFilter, ResourceRow,
    Scope, ScopeError, ScopeState, Tier, Vault, VaultDetail, VaultFilter, VaultRow,
    change::{PointPick, ResourceReach},
    plan::{PlanFilter, PlanKey, PlanRecord, PlanVersion, RegionSettings, VaultLimits},
    timeline::Lane,
    vaults::{HoldFilter, HoldRow, OutsidePoints},
};
use tidemark_services::{
    error::StoreError,
    ports::{AccountStore as _, Catalogue, ScopeSnapshot, SyncTurn, TimelineQuery},
};

use super::{
    FakeAccountStore, holds,
    known::{Data, scope_of},
    lane, page, plans, points, resources,
};

/// The catalogue in memory. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct FakeCatalogue {
    accounts: FakeAccountStore,
    data: Arc<Mutex<Data>>,
}

impl FakeCatalogue {
    /// An empty catalogue over these accounts, whose aliases it shows.
    pub fn new(accounts: FakeAccountStore) -> Self {
        Self {
            accounts,
            data: Arc::default(),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Data> {
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rows(&self, data: &Data) -> Vec<ResourceRow> {
        data.resources
            .values()
            .map(|r| resources::row(data, r, self.accounts.alias(&r.account)))
            .collect()
    }

    fn account_overview(
        data: &Data,
        rows: &[ResourceRow],
        account: &AccountId,
        alias: String,
    ) -> AccountOverview {
        let count = |protection| {
            rows.iter()
                .filter(|r| r.account == *account && !r.deleted && r.protection() == protection)
                .count()
                .try_into()
                .unwrap_or(u64::MAX)
        };
        AccountOverview {
            account: account.clone(),
            alias,
            protected: count(Protection::Protected),
            unprotected: count(Protection::Unprotected),
            failing: count(Protection::Failing),
            oldest_newest_point: rows
                .iter()
                .filter(|r| r.account == *account && !r.deleted)
                .filter_map(|r| r.newest_point)
                .min(),
            scopes: data
                .scopes
                .values()
                .filter(|s| s.scope.account == *account)
                .cloned()
                .collect(),
        }
    }
}

#[async_trait]
impl Catalogue for FakeCatalogue {
    async fn want_sync(&self, scopes: &[Scope], _at: Timestamp) -> Result<(), StoreError> {
        for scope in scopes {
            if self.accounts.get(&scope.account).await?.is_some() {
                let mut data = self.lock();
                data.state(scope);
                data.wanted.insert(scope.clone());
            }
        }
        Ok(())
    }

    async fn due_syncs(&self, turn: &SyncTurn) -> Result<Vec<Scope>, StoreError> {
        let accounts = self.accounts.list().await?;
        let data = self.lock();
        let registered: BTreeSet<Scope> = accounts
            .into_iter()
            .flat_map(|account| {
                let id = account.connection.account;
                account.regions.into_iter().map(move |region| Scope {
                    account: id.clone(),
                    region,
                })
            })
            .collect();
        Ok(registered
            .into_iter()
            .filter(|scope| data.is_due(scope, turn))
            .collect())
    }

    async fn claim_sync(&self, scope: &Scope, turn: &SyncTurn) -> Result<bool, StoreError> {
        let mut data = self.lock();
        if !data.is_due(scope, turn) {
            return Ok(false);
        }
        data.wanted.remove(scope);
        data.readers
            .insert(scope.clone(), (turn.reader.clone(), turn.until));
        let state = data.state(scope);
        state.syncing = true;
        state.last_attempt = Some(turn.at);
        Ok(true)
    }

    async fn keep_sync(
        &self,
        scope: &Scope,
        reader: &str,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        if let Some((holder, kept)) = self.lock().readers.get_mut(scope)
            && holder == reader
        {
            *kept = until;
        }
        Ok(())
    }

    async fn begin_sync(&self, scope: &Scope, at: Timestamp) -> Result<(), StoreError> {
        let mut data = self.lock();
        let state = data.state(scope);
        state.syncing = true;
        state.last_attempt = Some(at);
        Ok(())
    }

    async fn apply_sync(
        &self,
        scope: &Scope,
        snapshot: &ScopeSnapshot,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut data = self.lock();
        data.apply(scope, snapshot, at);
        data.readers.remove(scope);
        let state = data.state(scope);
        state.syncing = false;
        state.last_attempt = Some(at);
        state.last_success = Some(at);
        state.error = snapshot.partial.first().map(|p| p.error.clone());
        Ok(())
    }

    async fn fail_sync(
        &self,
        scope: &Scope,
        error: &ScopeError,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut data = self.lock();
        data.readers.remove(scope);
        let state = data.state(scope);
        state.syncing = false;
        state.last_attempt = Some(at);
        state.error = Some(error.clone());
        Ok(())
    }

    async fn scopes(&self, account: Option<&AccountId>) -> Result<Vec<ScopeState>, StoreError> {
        Ok(self
            .lock()
            .scopes
            .values()
            .filter(|s| account.is_none_or(|a| *a == s.scope.account))
            .cloned()
            .collect())
    }

    async fn overview(&self) -> Result<Vec<AccountOverview>, StoreError> {
        let data = self.lock();
        let rows = self.rows(&data);
        Ok(self
            .accounts
            .lock()
            .values()
            .map(|a| Self::account_overview(&data, &rows, &a.connection.account, a.alias.clone()))
            .collect())
    }

    async fn storage(&self) -> Result<(u64, u64, u64), StoreError> {
        let data = self.lock();
        let bytes = |tier: Tier| {
            data.points
                .values()
                .filter(|p| p.tier == tier)
                .filter_map(|p| p.size_bytes)
                .sum()
        };
        let points = data.points.len().try_into().unwrap_or(u64::MAX);
        Ok((bytes(Tier::Warm), bytes(Tier::Cold), points))
    }

    async fn resources(&self, filter: &ResourceFilter) -> Result<Page<ResourceRow>, StoreError> {
        let data = self.lock();
        let mut rows: Vec<ResourceRow> = self
            .rows(&data)
            .into_iter()
            .filter(|r| resources::shown(filter, r))
            .collect();
        rows.sort_by(|a, b| resources::order(filter, a, b));
        let limit = usize::from(filter.limit.unwrap_or(50).clamp(1, 200));
        page(&rows, filter.cursor.as_deref(), limit)
    }

    async fn resource(&self, arn: &Arn) -> Result<Option<ResourceDetail>, StoreError> {
        let data = self.lock();
        Ok(data.resources.get(arn).map(|resource| {
            let alias = self.accounts.alias(&resource.account);
            let row = resources::row(&data, resource, alias.clone());
            let scope = scope_of(&resource.account, &resource.region);
            ResourceDetail {
                resource: resource.clone(),
                alias,
                protection: row.protection(),
                scope: data
                    .scopes
                    .get(&scope)
                    .cloned()
                    .unwrap_or_else(|| ScopeState::never(scope)),
                points: row.points,
                newest_point: row.newest_point,
                records: Vec::new(),
            }
        }))
    }

    async fn points(&self, filter: &PointFilter) -> Result<Page<RecoveryPoint>, StoreError> {
        let data = self.lock();
        let mut rows: Vec<RecoveryPoint> = data
            .points
            .values()
            .filter(|p| points::shown(&data, filter, p))
            .cloned()
            .collect();
        rows.sort_by(|a, b| (b.created_at, &b.arn).cmp(&(a.created_at, &a.arn)));
        if filter.oldest_first {
            rows.reverse();
        }
        let limit = usize::from(filter.limit.unwrap_or(50).clamp(1, 1000));
        page(&rows, filter.cursor.as_deref(), limit)
    }

    async fn picked(&self, picks: &[PointPick]) -> Result<Vec<RecoveryPoint>, StoreError> {
        let wanted: HashSet<(&AccountId, &Arn)> =
            picks.iter().map(|p| (&p.account, &p.arn)).collect();
        Ok(self
            .lock()
            .points
            .values()
            .filter(|p| wanted.contains(&(&p.account, &p.arn)))
            .cloned()
            .collect())
    }

    async fn relatives(&self, arn: &Arn) -> Result<Vec<RecoveryPoint>, StoreError> {
        let mut relatives: Vec<RecoveryPoint> = self
            .lock()
            .points
            .values()
            .filter(|p| p.copied_from.as_ref() == Some(arn) || p.parent.as_ref() == Some(arn))
            .cloned()
            .collect();
        relatives.sort_by_key(|p| p.created_at);
        Ok(relatives)
    }

    async fn reach(&self, gone: &[RecoveryPoint]) -> Result<Vec<ResourceReach>, StoreError> {
        Ok(points::reach(&self.lock(), gone))
    }

    async fn vault_rows(&self, filter: &VaultFilter) -> Result<Page<VaultRow>, StoreError> {
        let data = self.lock();
        let mut rows: Vec<VaultRow> = data
            .vaults
            .values()
            .filter(|vault| points::vault_shown(filter, vault))
            .map(|vault| VaultRow {
                contents: points::contents(&data, vault),
                alias: self.accounts.alias(&vault.account),
                vault: Vault {
                    access_policy: None,
                    ..vault.clone()
                },
            })
            .collect();
        rows.sort_by(|a, b| (&a.vault.name, &a.vault.arn).cmp(&(&b.vault.name, &b.vault.arn)));
        let limit = usize::from(filter.limit.unwrap_or(50).clamp(1, 200));
        page(&rows, filter.cursor.as_deref(), limit)
    }

    async fn vault(&self, arn: &Arn) -> Result<Option<VaultDetail>, StoreError> {
        let data = self.lock();
        let Some(vault) = data.vaults.get(arn) else {
            return Ok(None);
        };
        let scope = scope_of(&vault.account, &vault.region);
        let holds = || data.holds.iter().filter(|((s, _), _)| *s == scope);
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Ok(Some(VaultDetail {
            alias: self.accounts.alias(&vault.account),
            contents: points::contents(&data, vault),
            vaults: number(
                data.vaults
                    .values()
                    .filter(|v| scope_of(&v.account, &v.region) == scope)
                    .count(),
            ),
            active_holds: number(holds().filter(|(_, hold)| hold.is_active()).count()),
            holds: holds()
                .map(|(_, hold)| hold.clone())
                .filter(|hold| hold.reaches(&vault.name))
                .collect(),
            vault: vault.clone(),
        }))
    }

    async fn holds(&self, scope: &Scope) -> Result<Vec<LegalHold>, StoreError> {
        let data = self.lock();
        let holds = data.holds.iter().filter(|((s, _), _)| s == scope);
        Ok(holds.map(|(_, hold)| hold.clone()).collect())
    }

    async fn hold_rows(&self, filter: &HoldFilter) -> Result<Page<HoldRow>, StoreError> {
        let data = self.lock();
        let rows = holds::rows(&data, filter, |account| self.accounts.alias(account));
        let limit = usize::from(filter.limit.unwrap_or(50).clamp(1, 200));
        page(&rows, filter.cursor.as_deref(), limit)
    }

    async fn outside(
        &self,
        scope: &Scope,
        vault: &str,
        limits: &VaultLimits,
    ) -> Result<OutsidePoints, StoreError> {
        Ok(holds::outside(&self.lock(), scope, vault, limits))
    }

    async fn point(&self, arn: &Arn) -> Result<Option<RecoveryPoint>, StoreError> {
        Ok(self.lock().points.values().find(|p| p.arn == *arn).cloned())
    }

    async fn lanes(&self, query: &TimelineQuery) -> Result<Vec<Lane>, StoreError> {
        Ok(lane::lanes(&self.lock(), query))
    }

    async fn vaults(&self, scope: &Scope) -> Result<Vec<Vault>, StoreError> {
        let mut vaults: Vec<Vault> = self
            .lock()
            .vaults
            .values()
            .filter(|v| v.account == scope.account && v.region == scope.region)
            .cloned()
            .collect();
        vaults.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(vaults)
    }

    async fn jobs(&self, resource: &Arn, limit: u16) -> Result<Vec<Job>, StoreError> {
        let mut jobs: Vec<Job> = self
            .lock()
            .jobs
            .values()
            .filter(|j| j.resource_arn.as_ref() == Some(resource))
            .cloned()
            .collect();
        jobs.sort_by_key(|j| std::cmp::Reverse(j.created_at));
        jobs.truncate(usize::from(limit));
        Ok(jobs)
    }

    async fn job_rows(&self, filter: &JobFilter) -> Result<Page<JobRow>, StoreError> {
        let found = super::jobs::found(&self.lock(), filter);
        let rows: Vec<JobRow> = found
            .into_iter()
            .map(|job| JobRow {
                alias: self.accounts.alias(&job.account),
                job,
            })
            .collect();
        let limit = usize::from(filter.limit.unwrap_or(50));
        page(&rows, filter.cursor.as_deref(), limit)
    }

    async fn job_causes(
        &self,
        since: Timestamp,
        owner: Option<&str>,
        limit: u16,
    ) -> Result<Vec<JobCause>, StoreError> {
        Ok(super::jobs::causes(&self.lock(), since, owner, limit))
    }

    async fn plans(&self, filter: &PlanFilter) -> Result<Page<PlanRecord>, StoreError> {
        plans::list(&self.lock(), filter)
    }

    async fn plan(&self, key: &PlanKey) -> Result<Option<PlanRecord>, StoreError> {
        Ok(self.lock().plans.get(key).cloned())
    }

    async fn plans_of(&self, scope: &Scope) -> Result<Vec<PlanRecord>, StoreError> {
        let data = self.lock();
        let mut plans: Vec<PlanRecord> = data
            .plans
            .values()
            .filter(|p| p.scope() == *scope)
            .cloned()
            .collect();
        plans.sort_by_key(|p| p.plan.backup_plan_name.to_lowercase());
        Ok(plans)
    }

    async fn plans_named(&self, name: &str) -> Result<Vec<PlanRecord>, StoreError> {
        Ok(self
            .lock()
            .plans
            .values()
            .filter(|p| p.plan.backup_plan_name == name)
            .cloned()
            .collect())
    }

    async fn plan_versions(&self, key: &PlanKey) -> Result<Vec<PlanVersion>, StoreError> {
        let mut versions = self.lock().versions.get(key).cloned().unwrap_or_default();
        versions.sort_by_key(|v| std::cmp::Reverse(v.created_at));
        Ok(versions)
    }

    async fn plan_points(&self, key: &PlanKey) -> Result<u64, StoreError> {
        let data = self.lock();
        let made = |(scope, _): &(Scope, Arn), point: &RecoveryPoint| {
            *scope == key.scope() && point.plan_id.as_ref() == Some(&key.id)
        };
        let count = data.points.iter().filter(|(k, p)| made(k, p)).count();
        Ok(count.try_into().unwrap_or(u64::MAX))
    }

    async fn plan_jobs(&self, key: &PlanKey, limit: u16) -> Result<Vec<Job>, StoreError> {
        let mut jobs: Vec<Job> = self
            .lock()
            .jobs
            .iter()
            .filter(|((scope, _), j)| *scope == key.scope() && j.plan_id.as_ref() == Some(&key.id))
            .map(|(_, job)| job.clone())
            .collect();
        jobs.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        jobs.truncate(usize::from(limit));
        Ok(jobs)
    }

    async fn region_settings(&self, scope: &Scope) -> Result<Option<RegionSettings>, StoreError> {
        Ok(self.lock().settings.get(scope).cloned())
    }

    async fn candidates(&self, scope: &Scope) -> Result<Vec<Resource>, StoreError> {
        Ok(self
            .lock()
            .resources
            .values()
            .filter(|r| r.account == scope.account && r.region == scope.region && !r.deleted)
            .cloned()
            .collect())
    }

    async fn forget(&self, account: &AccountId) -> Result<(), StoreError> {
        let mut data = self.lock();
        data.plans.retain(|k, _| k.account != *account);
        data.versions.retain(|k, _| k.account != *account);
        data.settings.retain(|s, _| s.account != *account);
        data.scopes.retain(|s, _| s.account != *account);
        data.vaults.retain(|_, v| v.account != *account);
        data.resources.retain(|_, r| r.account != *account);
        data.points.retain(|(s, _), _| s.account != *account);
        data.jobs.retain(|(s, _), _| s.account != *account);
        data.events.retain(|(s, _), _| s.account != *account);
        data.holds.retain(|(s, _), _| s.account != *account);
        Ok(())
    }
}
