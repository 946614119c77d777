//! What the first page shows.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, ResourceRow, ScopeState};

/// The whole estate at a glance, worst first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Per account.
    pub accounts: Vec<AccountOverview>,
    /// Resources that need a look: failing first, then unprotected; the worst ten.
    pub attention: Vec<ResourceRow>,
    /// Bytes in warm storage.
    pub warm_bytes: u64,
    /// Bytes in cold storage.
    pub cold_bytes: u64,
    /// Recovery points in all.
    pub points: u64,
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
