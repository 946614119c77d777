//! What the first page shows.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, JobCause, ResourceRow, ScopeState};

/// The whole estate at a glance, worst first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Per account.
    pub accounts: Vec<AccountOverview>,
    /// Resources that need a look: failing first, then unprotected; the worst ten.
    pub attention: Vec<ResourceRow>,
    /// How the caller's own resources stand; none for who sees them all.
    #[serde(default)]
    pub mine: Option<OwnResources>,
    /// What failed in the last seven days, by AWS's own words, the most frequent first.
    #[serde(default)]
    pub causes: Vec<JobCause>,
    /// Since when failures are counted.
    #[serde(default)]
    pub failed_since: Timestamp,
    /// Bytes in warm storage.
    pub warm_bytes: u64,
    /// Bytes in cold storage.
    pub cold_bytes: u64,
    /// Recovery points in all.
    pub points: u64,
    /// Accounts whose role may no longer do what it once could.
    #[serde(default)]
    pub lost: Vec<LostPermissions>,
}

/// An account whose role has lost permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostPermissions {
    /// The account.
    pub account: AccountId,
    /// Its alias.
    pub alias: String,
    /// The actions, by name.
    pub actions: Vec<String>,
    /// Since when the first of them.
    pub since: Timestamp,
}

/// An owner's resources by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnResources {
    /// With something to restore from.
    pub protected: u64,
    /// Without.
    pub unprotected: u64,
    /// Whose last backup failed.
    pub failing: u64,
}

/// One account at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountOverview {
    /// The account.
    pub account: AccountId,
    /// Its alias.
    pub alias: String,
    /// Resources with something to restore from.
    pub protected: u64,
    /// Resources without.
    pub unprotected: u64,
    /// Resources whose last backup failed.
    pub failing: u64,
    /// Of all protected resources, the newest point of the one that is worst off.
    pub oldest_newest_point: Option<Timestamp>,
    /// State of each Region.
    pub scopes: Vec<ScopeState>,
}
