use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::{
    AccountId, AccountOverview, Arn, Job, Page, PointFilter, Protection, RecoveryPoint, Resource,
    ResourceDetail, ResourceFilter, ResourceRow, Scope, ScopeError, ScopeState, Tier, Vault,
    plan::{PlanFilter, PlanKey, PlanRecord, PlanVersion, RegionSettings},
    timeline::Lane,
};
use tidemark_services::{
    error::StoreError,
    ports::{Catalogue, ScopeSnapshot, TimelineQuery},
};

use super::{FakeAccountStore, lane, page, plans, resources};

/// The catalogue in memory. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct FakeCatalogue {
    accounts: FakeAccountStore,
    data: Arc<Mutex<Data>>,
}

#[derive(Debug, Default)]
pub(crate) struct Data {
    scopes: BTreeMap<Scope, ScopeState>,
    vaults: BTreeMap<Arn, Vault>,
    pub(crate) resources: BTreeMap<Arn, Resource>,
    pub(crate) points: BTreeMap<(Scope, Arn), RecoveryPoint>,
    pub(crate) jobs: BTreeMap<(Scope, String), Job>,
    pub(crate) plans: BTreeMap<PlanKey, PlanRecord>,
    pub(crate) versions: BTreeMap<PlanKey, Vec<PlanVersion>>,
    pub(crate) settings: BTreeMap<Scope, RegionSettings>,
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

fn scope_of(account: &AccountId, region: &tidemark_domain::Region) -> Scope {
    Scope {
        account: account.clone(),
        region: region.clone(),
    }
}

impl Data {
    /// When a scope was last read in full.
    pub(crate) fn last_success(
        &self,
        account: &AccountId,
        region: &tidemark_domain::Region,
    ) -> Option<Timestamp> {
        self.scopes.get(&scope_of(account, region))?.last_success
    }

    fn state(&mut self, scope: &Scope) -> &mut ScopeState {
        self.scopes
            .entry(scope.clone())
            .or_insert_with(|| ScopeState::never(scope.clone()))
    }

    fn apply(&mut self, scope: &Scope, snapshot: &ScopeSnapshot, at: Timestamp) {
        plans::apply(self, scope, snapshot, at);
        let kept: HashSet<&str> = snapshot.partial.iter().map(|p| p.part.as_str()).collect();
        let here = |account: &AccountId, region: &tidemark_domain::Region| {
            *account == scope.account && *region == scope.region
        };
        if !kept.contains("vaults") {
            self.vaults.retain(|_, v| !here(&v.account, &v.region));
        }
        self.vaults
            .extend(snapshot.vaults.iter().map(|v| (v.arn.clone(), v.clone())));
        self.points.retain(|(s, _), p| {
            let part_kept = match &p.vault {
                Some(vault) => {
                    kept.contains("vaults") || kept.contains(format!("points:{vault}").as_str())
                }
                None => kept.contains(p.resource_type.as_str()),
            };
            s != scope || part_kept
        });
        self.points.extend(
            snapshot
                .points
                .iter()
                .map(|p| ((scope.clone(), p.arn.clone()), p.clone())),
        );
        if !kept.contains("jobs") {
            self.jobs.retain(|(s, _), _| s != scope);
        }
        self.jobs.extend(
            snapshot
                .jobs
                .iter()
                .map(|j| ((scope.clone(), j.id.clone()), j.clone())),
        );
        let live: HashSet<&Arn> = snapshot.resources.iter().map(|r| &r.arn).collect();
        let with_points: HashSet<Arn> = self
            .points
            .values()
            .map(|p| p.resource_arn.clone())
            .collect();
        self.resources.retain(|arn, r| {
            let known = !here(&r.account, &r.region)
                || live.contains(arn)
                || kept.contains(r.resource_type.as_str());
            if !known {
                r.deleted = true;
                r.pitr = None;
            }
            known || with_points.contains(arn)
        });
        self.resources.extend(
            snapshot
                .resources
                .iter()
                .map(|r| (r.arn.clone(), r.clone())),
        );
    }
}

#[async_trait]
impl Catalogue for FakeCatalogue {
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
            }
        }))
    }

    async fn points(&self, filter: &PointFilter) -> Result<Page<RecoveryPoint>, StoreError> {
        let mut rows: Vec<RecoveryPoint> = self
            .lock()
            .points
            .values()
            .filter(|p| {
                filter
                    .resource
                    .as_ref()
                    .is_none_or(|r| *r == p.resource_arn)
            })
            .filter(|p| filter.account.as_ref().is_none_or(|a| *a == p.account))
            .filter(|p| filter.region.as_ref().is_none_or(|r| *r == p.region))
            .filter(|p| filter.from.is_none_or(|from| p.created_at >= from))
            .filter(|p| filter.until.is_none_or(|until| p.created_at < until))
            .cloned()
            .collect();
        rows.sort_by(|a, b| (b.created_at, &b.arn).cmp(&(a.created_at, &a.arn)));
        let limit = usize::from(filter.limit.unwrap_or(50).clamp(1, 1000));
        page(&rows, filter.cursor.as_deref(), limit)
    }

    async fn point(&self, arn: &Arn) -> Result<Option<RecoveryPoint>, StoreError> {
        Ok(self.lock().points.values().find(|p| p.arn == *arn).cloned())
    }

    async fn lane(&self, query: &TimelineQuery) -> Result<Lane, StoreError> {
        Ok(lane::lane(&self.lock(), query))
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
        Ok(())
    }
}
