use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::Lifecycle;

/// What kind of vault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultType {
    /// `BACKUP_VAULT`
    Standard,
    /// `LOGICALLY_AIR_GAPPED_BACKUP_VAULT`
    AirGapped,
}

impl VaultType {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "BACKUP_VAULT",
            Self::AirGapped => "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
        }
    }
}

/// A vault lock. Without a lock date it is in governance mode and can be removed; from the lock date on
/// it is immutable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VaultLock {
    /// Shortest retention that a new point may have.
    pub min_retention_days: Option<i64>,
    /// Longest retention that a new point may have.
    pub max_retention_days: Option<i64>,
    /// From when on the lock cannot be changed.
    pub lock_date: Option<Timestamp>,
}

impl VaultLock {
    pub(crate) fn immutable(&self, now: Timestamp) -> bool {
        self.lock_date.is_some_and(|date| date <= now)
    }

    /// Why a job with this lifecycle may not write to the vault.
    pub(crate) fn refusal(&self, lifecycle: &Lifecycle) -> Option<String> {
        let days = lifecycle.delete_days();
        if let Some(min) = self.min_retention_days
            && days.is_some_and(|days| days < min)
        {
            return Some(format!(
                "Retention settings don't comply with the backup vault's lock: the retention period of {} days \
                 is shorter than the minimum retention period of {min} days.",
                days.unwrap_or_default()
            ));
        }
        let max = self.max_retention_days?;
        match days {
            Some(days) if days <= max => None,
            Some(days) => Some(format!(
                "Retention settings don't comply with the backup vault's lock: the retention period of {days} days \
                 is longer than the maximum retention period of {max} days."
            )),
            None => Some(format!(
                "Retention settings don't comply with the backup vault's lock: the recovery point would be kept \
                 for ever, longer than the maximum retention period of {max} days."
            )),
        }
    }
}

/// A backup vault.
#[derive(Clone, Debug)]
pub struct Vault {
    /// Unique in its scope.
    pub name: String,
    /// `arn:aws:backup:region:account:backup-vault:name`
    pub arn: String,
    /// Kind of vault.
    pub vault_type: VaultType,
    /// The key that encrypts fully managed points.
    pub encryption_key_arn: String,
    /// Whether that key is AWS's own `aws/backup`, which no other account can use.
    pub aws_managed_key: bool,
    /// When it was made.
    pub created: Timestamp,
    /// What the caller sent to make creation repeatable.
    pub creator_request_id: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// The lock, if there is one.
    pub lock: Option<VaultLock>,
    /// The access policy as it was put.
    pub access_policy: Option<String>,
    /// How many recovery points it holds.
    pub point_count: usize,
}
