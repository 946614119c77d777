//! The catalogue: written scope by scope, read by every page.
//!
//! What lists and sums need is worked out when a sync is applied, so that no page counts points:
//! `resources` carries the number of its points, its newest usable one and how it stands, `scopes`
//! their storage, `account_totals` the counts of the overview, `lane_totals` what a timeline counts of
//! resources with very many points.

mod apply;
mod begin_sync;
mod candidates;
mod fail_sync;
mod forget;
mod hold_rows;
mod holds;
mod job_causes;
mod job_rows;
mod jobs;
mod lanes;
mod outside;
mod overview;
mod picked;
mod plan_versions;
mod plans;
mod point;
mod points;
mod reach;
mod region_settings;
mod relatives;
mod resource;
mod resources;
mod rows;
mod scopes;
mod storage;
mod text;
mod turns;
mod vault_rows;
mod vaults;

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::{
    AccountId, AccountOverview, Arn, Job, JobCause, JobFilter, JobRow, LegalHold, Page,
    PointFilter, RecoveryPoint, Resource, ResourceDetail, ResourceFilter, ResourceRow, Scope,
    ScopeError, ScopeState, Vault, VaultDetail, VaultFilter, VaultRow,
    change::{PointPick, ResourceReach},
    plan::{PlanFilter, PlanKey, PlanRecord, PlanVersion, RegionSettings, VaultLimits},
    timeline::Lane,
    vaults::{HoldFilter, HoldRow, OutsidePoints},
};
use tidemark_services::{
    error::StoreError,
    ports::{Catalogue, ScopeSnapshot, SyncTurn, TimelineQuery},
};

use crate::db::Db;

pub(crate) use forget::forget_other_regions;

/// Name of the lock under which the catalogue is written.
const LOCK: &str = "catalogue";

/// Rows per statement where many are written: well under both databases' limits of arguments.
const CHUNK: usize = 250;

/// [`Catalogue`] in SQL.
pub(crate) struct SqlCatalogue(pub(crate) Db);

#[async_trait]
impl Catalogue for SqlCatalogue {
    async fn want_sync(&self, scopes: &[Scope], at: Timestamp) -> Result<(), StoreError> {
        turns::want(&self.0, scopes, at).await
    }

    async fn due_syncs(&self, turn: &SyncTurn) -> Result<Vec<Scope>, StoreError> {
        turns::due(&self.0, turn).await
    }

    async fn claim_sync(&self, scope: &Scope, turn: &SyncTurn) -> Result<bool, StoreError> {
        turns::claim(&self.0, scope, turn).await
    }

    async fn keep_sync(
        &self,
        scope: &Scope,
        reader: &str,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        turns::keep(&self.0, scope, reader, until).await
    }

    async fn begin_sync(&self, scope: &Scope, at: Timestamp) -> Result<(), StoreError> {
        begin_sync::begin_sync(&self.0, scope, at).await
    }

    async fn apply_sync(
        &self,
        scope: &Scope,
        snapshot: &ScopeSnapshot,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        apply::apply_sync(&self.0, scope, snapshot, at).await
    }

    async fn fail_sync(
        &self,
        scope: &Scope,
        error: &ScopeError,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        fail_sync::fail_sync(&self.0, scope, error, at).await
    }

    async fn scopes(&self, account: Option<&AccountId>) -> Result<Vec<ScopeState>, StoreError> {
        scopes::scopes(&self.0, account).await
    }

    async fn overview(&self) -> Result<Vec<AccountOverview>, StoreError> {
        overview::overview(&self.0).await
    }

    async fn storage(&self) -> Result<(u64, u64, u64), StoreError> {
        storage::storage(&self.0).await
    }

    async fn resources(&self, filter: &ResourceFilter) -> Result<Page<ResourceRow>, StoreError> {
        resources::resources(&self.0, filter).await
    }

    async fn resource(&self, arn: &Arn) -> Result<Option<ResourceDetail>, StoreError> {
        resource::resource(&self.0, arn).await
    }

    async fn points(&self, filter: &PointFilter) -> Result<Page<RecoveryPoint>, StoreError> {
        points::points(&self.0, filter).await
    }

    async fn point(&self, arn: &Arn) -> Result<Option<RecoveryPoint>, StoreError> {
        point::point(&self.0, arn).await
    }

    async fn picked(&self, picks: &[PointPick]) -> Result<Vec<RecoveryPoint>, StoreError> {
        picked::picked(&self.0, picks).await
    }

    async fn relatives(&self, arn: &Arn) -> Result<Vec<RecoveryPoint>, StoreError> {
        relatives::relatives(&self.0, arn).await
    }

    async fn reach(&self, points: &[RecoveryPoint]) -> Result<Vec<ResourceReach>, StoreError> {
        reach::reach(&self.0, points).await
    }

    async fn vault_rows(&self, filter: &VaultFilter) -> Result<Page<VaultRow>, StoreError> {
        vault_rows::vault_rows(&self.0, filter).await
    }

    async fn vault(&self, arn: &Arn) -> Result<Option<VaultDetail>, StoreError> {
        vault_rows::vault(&self.0, arn).await
    }

    async fn holds(&self, scope: &Scope) -> Result<Vec<LegalHold>, StoreError> {
        holds::holds(&self.0, scope).await
    }

    async fn hold_rows(&self, filter: &HoldFilter) -> Result<Page<HoldRow>, StoreError> {
        hold_rows::hold_rows(&self.0, filter).await
    }

    async fn outside(
        &self,
        scope: &Scope,
        vault: &str,
        limits: &VaultLimits,
    ) -> Result<OutsidePoints, StoreError> {
        outside::outside(&self.0, scope, vault, limits).await
    }

    async fn lanes(&self, query: &TimelineQuery) -> Result<Vec<Lane>, StoreError> {
        lanes::lanes(&self.0, query).await
    }

    async fn vaults(&self, scope: &Scope) -> Result<Vec<Vault>, StoreError> {
        vaults::vaults(&self.0, scope).await
    }

    async fn jobs(&self, resource: &Arn, limit: u16) -> Result<Vec<Job>, StoreError> {
        jobs::jobs(&self.0, resource, limit).await
    }

    async fn job_rows(&self, filter: &JobFilter) -> Result<Page<JobRow>, StoreError> {
        job_rows::job_rows(&self.0, filter).await
    }

    async fn job_causes(
        &self,
        since: Timestamp,
        owner: Option<&str>,
        limit: u16,
    ) -> Result<Vec<JobCause>, StoreError> {
        job_causes::job_causes(&self.0, since, owner, limit).await
    }

    async fn plans(&self, filter: &PlanFilter) -> Result<Page<PlanRecord>, StoreError> {
        plans::plans(&self.0, filter).await
    }

    async fn plan(&self, key: &PlanKey) -> Result<Option<PlanRecord>, StoreError> {
        plans::plan(&self.0, key).await
    }

    async fn plans_of(&self, scope: &Scope) -> Result<Vec<PlanRecord>, StoreError> {
        plans::plans_of(&self.0, scope).await
    }

    async fn plans_named(&self, name: &str) -> Result<Vec<PlanRecord>, StoreError> {
        plans::plans_named(&self.0, name).await
    }

    async fn plan_versions(&self, key: &PlanKey) -> Result<Vec<PlanVersion>, StoreError> {
        plan_versions::plan_versions(&self.0, key).await
    }

    async fn plan_points(&self, key: &PlanKey) -> Result<u64, StoreError> {
        plan_versions::plan_points(&self.0, key).await
    }

    async fn plan_jobs(&self, key: &PlanKey, limit: u16) -> Result<Vec<Job>, StoreError> {
        jobs::plan_jobs(&self.0, key, limit).await
    }

    async fn region_settings(&self, scope: &Scope) -> Result<Option<RegionSettings>, StoreError> {
        region_settings::region_settings(&self.0, scope).await
    }

    async fn candidates(&self, scope: &Scope) -> Result<Vec<Resource>, StoreError> {
        candidates::candidates(&self.0, scope).await
    }

    async fn forget(&self, account: &AccountId) -> Result<(), StoreError> {
        forget::forget(&self.0, account).await
    }
}
