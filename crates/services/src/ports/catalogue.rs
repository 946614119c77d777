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

use crate::error::StoreError;

/// Everything that one sync read of a scope.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScopeSnapshot {
    /// Vaults.
    pub vaults: Vec<Vault>,
    /// Resources that exist.
    pub resources: Vec<Resource>,
    /// Recovery points that exist.
    pub points: Vec<RecoveryPoint>,
    /// What copies were made of, as copy jobs tell it. They are listed where the source lies: the copy
    /// may lie in any other scope. What was told once is not forgotten.
    pub copies: Vec<CopyOf>,
    /// Legal holds.
    pub holds: Vec<LegalHold>,
    /// Jobs of the last 30 days.
    pub jobs: Vec<Job>,
    /// Backup plans in force.
    pub plans: Vec<PlanRecord>,
    /// Versions of plans that were read; those known before stay.
    pub plan_versions: Vec<KnownVersion>,
    /// What the Region lets AWS Backup do; none when it was not read.
    pub settings: Option<RegionSettings>,
    /// Buckets among the resources that keep the versions of their objects.
    pub versioned: Vec<Arn>,
    /// Services that could not be read: their last good data stays.
    pub partial: Vec<PartialFailure>,
    /// When the reading had ended; none where it took no time. What was due by then and is not there was
    /// deleted in its time.
    pub read_until: Option<Timestamp>,
}

/// A copy and what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyOf {
    /// The copy.
    pub copy: Arn,
    /// The point that it was made of.
    pub source: Arn,
}

/// A version of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownVersion {
    /// `BackupPlanId`.
    pub plan_id: String,
    /// The version.
    pub version: PlanVersion,
}

/// The part of a scope that is AWS Backup's own list of what it has backed up: resources of types that are not read from
/// their own services.
pub const PROTECTED: &str = "protected";

/// A service of a scope that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialFailure {
    /// Resource type or `jobs`, `vaults`, `plans`, `settings`, `points:<vault>`, `policy:<vault>`,
    /// `legal-holds`: whose rows are kept as they were.
    pub part: String,
    /// Why.
    pub error: ScopeError,
}

/// What a timeline shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineQuery {
    /// The resources, one lane each, at most 200.
    pub resources: Vec<Arn>,
    /// First moment.
    pub from: Timestamp,
    /// Last moment.
    pub until: Timestamp,
    /// Columns on the screen, from 2 to 4,000: what falls into one comes as one mark per kind. They
    /// begin and end at round times, so that they cover more than the time asked for.
    pub columns: u16,
    /// Where the future begins: moves to cold storage and expiries are told from here on.
    pub now: Timestamp,
}

/// One process's turn at reading scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncTurn {
    /// Who reads: unique among all processes.
    pub reader: String,
    /// Now.
    pub at: Timestamp,
    /// Until then nobody else reads what it takes.
    pub until: Timestamp,
    /// Scopes that were tried since then, by whomever, wait for their next turn unless they are asked for; none reads
    /// whatever nobody else is reading.
    pub tried_before: Option<Timestamp>,
}

/// The index over every vault, resource, recovery point and job of every scope.
///
/// Reads never call AWS. Owners' filters are set by the use case (`ResourceFilter::owner`).
#[async_trait]
pub trait Catalogue: Send + Sync {
    /// Asks for a reading of scopes before their turn, by whichever process takes it. Scopes of accounts that are not
    /// registered are left out.
    async fn want_sync(&self, scopes: &[Scope], at: Timestamp) -> Result<(), StoreError>;

    /// The registered scopes whose turn it is, those asked for among them, without those that somebody is reading; by
    /// account and Region.
    async fn due_syncs(&self, turn: &SyncTurn) -> Result<Vec<Scope>, StoreError>;

    /// Takes a scope for reading; no when somebody else is reading it, or its turn has passed meanwhile. What was asked for
    /// until now is answered by this reading.
    async fn claim_sync(&self, scope: &Scope, turn: &SyncTurn) -> Result<bool, StoreError>;

    /// Keeps a scope that was taken until then.
    async fn keep_sync(
        &self,
        scope: &Scope,
        reader: &str,
        until: Timestamp,
    ) -> Result<(), StoreError>;

    /// Marks a sync as begun.
    async fn begin_sync(&self, scope: &Scope, at: Timestamp) -> Result<(), StoreError>;

    /// Replaces what is known of a scope, all or nothing, and ends the turn of whoever took it; parts in `partial` keep their rows. A point
    /// or job that is no longer there goes; a resource that is gone but has points stays, as deleted.
    async fn apply_sync(
        &self,
        scope: &Scope,
        snapshot: &ScopeSnapshot,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Records that a sync failed, and ends the turn; the last good data stays.
    async fn fail_sync(
        &self,
        scope: &Scope,
        error: &ScopeError,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// The state of every known scope, of one account when given.
    async fn scopes(&self, account: Option<&AccountId>) -> Result<Vec<ScopeState>, StoreError>;

    /// Per account: counts and scopes. Accounts without data appear with zeros.
    async fn overview(&self) -> Result<Vec<AccountOverview>, StoreError>;

    /// Bytes warm, bytes cold, points.
    async fn storage(&self) -> Result<(u64, u64, u64), StoreError>;

    /// A page of resources.
    async fn resources(&self, filter: &ResourceFilter) -> Result<Page<ResourceRow>, StoreError>;

    /// One resource; none when it is unknown.
    async fn resource(&self, arn: &Arn) -> Result<Option<ResourceDetail>, StoreError>;

    /// A page of recovery points. The total is told where a sum tells it or counting is cheap.
    async fn points(&self, filter: &PointFilter) -> Result<Page<RecoveryPoint>, StoreError>;

    /// One point; none when it is unknown. A copy has another ARN than its source.
    async fn point(&self, arn: &Arn) -> Result<Option<RecoveryPoint>, StoreError>;

    /// The points that were picked; those that are not known are left out.
    async fn picked(&self, picks: &[PointPick]) -> Result<Vec<RecoveryPoint>, StoreError>;

    /// Copies of a point and members of it, oldest first.
    async fn relatives(&self, arn: &Arn) -> Result<Vec<RecoveryPoint>, StoreError>;

    /// How far back the resources of these points reach, with them and without them; by ARN.
    async fn reach(&self, points: &[RecoveryPoint]) -> Result<Vec<ResourceReach>, StoreError>;

    /// A page of vaults of every account, by name.
    async fn vault_rows(&self, filter: &VaultFilter) -> Result<Page<VaultRow>, StoreError>;

    /// One vault; none when it is unknown.
    async fn vault(&self, arn: &Arn) -> Result<Option<VaultDetail>, StoreError>;

    /// Legal holds of a scope, newest first.
    async fn holds(&self, scope: &Scope) -> Result<Vec<LegalHold>, StoreError>;

    /// Legal holds of every account, newest first.
    async fn hold_rows(&self, filter: &HoldFilter) -> Result<Page<HoldRow>, StoreError>;

    /// How many points of a vault lie outside of limits, by their creation and the moment of their deletion.
    async fn outside(
        &self,
        scope: &Scope,
        vault: &str,
        limits: &VaultLimits,
    ) -> Result<OutsidePoints, StoreError>;

    /// Lanes in the order of the resources, aggregated to the columns of a screen; an unknown resource
    /// has an empty one. Backups that failed or were missed and points that are gone are told for 800
    /// days after they were noted, as long as anything else is known of their resource: jobs when
    /// their resource was known as they came in.
    async fn lanes(&self, query: &TimelineQuery) -> Result<Vec<Lane>, StoreError>;

    /// Vaults of a scope, by name.
    async fn vaults(&self, scope: &Scope) -> Result<Vec<Vault>, StoreError>;

    /// The newest jobs of a resource.
    async fn jobs(&self, resource: &Arn, limit: u16) -> Result<Vec<Job>, StoreError>;

    /// Jobs of every account, newest first.
    async fn job_rows(&self, filter: &JobFilter) -> Result<Page<JobRow>, StoreError>;

    /// What failed since then, by AWS's own words, the most frequent first; of the resources of one owner, or of all.
    async fn job_causes(
        &self,
        since: Timestamp,
        owner: Option<&str>,
        limit: u16,
    ) -> Result<Vec<JobCause>, StoreError>;

    /// A page of plans by name, each as it was last read.
    async fn plans(&self, filter: &PlanFilter) -> Result<Page<PlanRecord>, StoreError>;

    /// One plan; none when it is unknown.
    async fn plan(&self, key: &PlanKey) -> Result<Option<PlanRecord>, StoreError>;

    /// Every plan of a scope, by name.
    async fn plans_of(&self, scope: &Scope) -> Result<Vec<PlanRecord>, StoreError>;

    /// Every plan of exactly this name, in any scope, by account and Region.
    async fn plans_named(&self, name: &str) -> Result<Vec<PlanRecord>, StoreError>;

    /// The versions of a plan that were ever read, newest first; also of one that is gone.
    async fn plan_versions(&self, key: &PlanKey) -> Result<Vec<PlanVersion>, StoreError>;

    /// How many recovery points of the catalogue a plan made.
    async fn plan_points(&self, key: &PlanKey) -> Result<u64, StoreError>;

    /// The newest jobs that a plan asked for.
    async fn plan_jobs(&self, key: &PlanKey, limit: u16) -> Result<Vec<Job>, StoreError>;

    /// What the Region lets AWS Backup do; none while it was never read.
    async fn region_settings(&self, scope: &Scope) -> Result<Option<RegionSettings>, StoreError>;

    /// Every resource of a scope that exists, as selections look at it, by ARN.
    async fn candidates(&self, scope: &Scope) -> Result<Vec<Resource>, StoreError>;

    /// Forgets an account and everything known of it.
    async fn forget(&self, account: &AccountId) -> Result<(), StoreError>;
}
