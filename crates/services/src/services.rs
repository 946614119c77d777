use std::sync::Arc;

use tidemark_domain::{cost::PriceList, sets::HookReach};
use tidemark_records::ports::Checkpoints;
use tidemark_runs::{Clock, Engine};

use crate::{
    Guard,
    ports::{
        AccountStore, AuditLog, Buckets, Captures, Catalogue, Cloud, Insight, Permissions,
        PolicyCloud, RecordsCloud, RunItems, RunStarts, SetStore, UserStore, VaultCloud,
    },
    records::compare::Comparisons,
    sync::SyncQueue,
};

/// What the use cases work with. Cheap to clone behind an `Arc`; made once, in the server's wiring.
pub struct Services {
    /// Registered accounts.
    pub accounts: Arc<dyn AccountStore>,
    /// What the accounts' roles may do, as last told.
    pub permissions: Arc<dyn Permissions>,
    /// The index over all accounts.
    pub catalogue: Arc<dyn Catalogue>,
    /// Sums over the catalogue, and the controls.
    pub insight: Arc<dyn Insight>,
    /// Local users.
    pub users: Arc<dyn UserStore>,
    /// Audit log.
    pub audit: Arc<dyn AuditLog>,
    /// AWS.
    pub cloud: Arc<dyn Cloud>,
    /// AWS, for buckets that others write their backups to.
    pub buckets: Arc<dyn Buckets>,
    /// AWS, for policies of buckets.
    pub policies: Arc<dyn PolicyCloud>,
    /// AWS, for changes of vaults and legal holds.
    pub vaults: Arc<dyn VaultCloud>,
    /// Tables that are backed up record by record.
    pub captures: Arc<dyn Captures>,
    /// AWS, for record-level backups.
    pub records: Arc<dyn RecordsCloud>,
    /// Comparisons of records that were made lately.
    pub comparisons: Comparisons,
    /// Who reads which shard of a captured table's stream.
    pub checkpoints: Arc<dyn Checkpoints>,
    /// Application sets.
    pub sets: Arc<dyn SetStore>,
    /// Where hooks of sets may go.
    pub hook_reach: HookReach,
    /// The run engine.
    pub runs: Arc<Engine>,
    /// Where runs begin.
    pub starts: Arc<dyn RunStarts>,
    /// What runs do one by one.
    pub items: Arc<dyn RunItems>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Prices for estimates.
    pub prices: Arc<PriceList>,
    /// Scopes that want a re-sync.
    pub sync: SyncQueue,
    /// What keeps one person or account from using up what all share.
    pub guard: Guard,
}
