//! Vaults of AWS Backup and the legal holds on what lies in them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, Arn, RecoveryPoint, Region};

/// What kind of vault it is (`VaultType`); unknown kinds are kept as they come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum VaultKind {
    /// `BACKUP_VAULT`
    #[default]
    Standard,
    /// `LOGICALLY_AIR_GAPPED_BACKUP_VAULT`: always locked in compliance mode.
    AirGapped,
    /// Any other.
    Other(String),
}

impl VaultKind {
    /// The name in the API.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Standard => "BACKUP_VAULT",
            Self::AirGapped => "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
            Self::Other(name) => name,
        }
    }

    /// The name shown.
    pub fn label(&self) -> &str {
        match self {
            Self::Standard => "backup vault",
            Self::AirGapped => "logically air-gapped vault",
            Self::Other(name) => name,
        }
    }
}

impl From<String> for VaultKind {
    fn from(name: String) -> Self {
        match name.as_str() {
            "" | "BACKUP_VAULT" => Self::Standard,
            "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" => Self::AirGapped,
            _ => Self::Other(name),
        }
    }
}

impl From<VaultKind> for String {
    fn from(kind: VaultKind) -> Self {
        kind.as_str().to_owned()
    }
}

/// A backup vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vault {
    /// Name.
    pub name: String,
    /// ARN.
    pub arn: Arn,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// Points in it.
    pub points: u64,
    /// It is locked.
    pub locked: bool,
    /// When a compliance lock becomes immutable.
    pub lock_date: Option<Timestamp>,
    /// Shortest retention that jobs may ask for, in days.
    pub min_retention_days: Option<i64>,
    /// Longest retention that jobs may ask for, in days.
    pub max_retention_days: Option<i64>,
    /// What kind of vault it is.
    #[serde(default)]
    pub kind: VaultKind,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// The key that encrypts what lies in it.
    #[serde(default)]
    pub encryption_key: Option<Arn>,
    /// Its access policy, as AWS tells it (JSON).
    #[serde(default)]
    pub access_policy: Option<String>,
}

/// How a vault's lock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "lock", rename_all = "snake_case")]
pub enum LockState {
    /// There is none.
    Open,
    /// Governance mode: who may change locks can remove it.
    Governance,
    /// Compliance mode, still in its grace time: it can be removed until then.
    Grace {
        /// From then on it is immutable for ever.
        until: Timestamp,
    },
    /// Compliance mode, immutable for ever.
    Immutable {
        /// Since when, where it is known.
        since: Option<Timestamp>,
    },
}

impl LockState {
    /// The word that lists show.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "not locked",
            Self::Governance => "governance lock",
            Self::Grace { .. } => "compliance lock, in grace time",
            Self::Immutable { .. } => "compliance lock",
        }
    }
}

impl Vault {
    /// How its lock stands (`PutBackupVaultLockConfiguration`: without `ChangeableForDays` it is in
    /// governance mode; with it, it is immutable from `LockDate` on).
    pub fn lock_state(&self, now: Timestamp) -> LockState {
        if self.kind == VaultKind::AirGapped {
            return LockState::Immutable {
                since: self.lock_date.or(self.created_at),
            };
        }
        match (self.locked, self.lock_date) {
            (false, _) => LockState::Open,
            (true, None) => LockState::Governance,
            (true, Some(until)) if until > now => LockState::Grace { until },
            (true, since) => LockState::Immutable { since },
        }
    }
}

/// A vault as lists show it, with what lies in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultRow {
    /// The vault, without its access policy.
    pub vault: Vault,
    /// The account's alias.
    pub alias: String,
    /// What lies in it, as the catalogue knows.
    pub contents: VaultContents,
}

/// What lies in a vault, as the catalogue knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultContents {
    /// Recovery points.
    pub points: u64,
    /// Their size in bytes, where it is known.
    pub bytes: u64,
    /// Of them, in cold storage.
    pub cold: u64,
    /// Of them, expired: they should be gone and could not be deleted.
    pub expired: u64,
    /// Of them, under a legal hold.
    pub held: u64,
    /// When the oldest was made.
    pub oldest: Option<Timestamp>,
    /// When the newest was made.
    pub newest: Option<Timestamp>,
}

/// A vault with everything that its page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultDetail {
    /// The vault.
    pub vault: Vault,
    /// The account's alias.
    pub alias: String,
    /// What lies in it, as the catalogue knows.
    pub contents: VaultContents,
    /// Legal holds of its account and Region that reach into it.
    pub holds: Vec<LegalHold>,
    /// Vaults in its account and Region.
    pub vaults: u64,
    /// Active legal holds in its account and Region.
    pub active_holds: u64,
}

/// What a list of vaults shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VaultFilter {
    /// Part of the name.
    pub text: Option<String>,
    /// Only vaults of this account.
    pub account: Option<AccountId>,
    /// Only vaults of this Region.
    pub region: Option<Region>,
    /// Only locked vaults, or only the others.
    pub locked: Option<bool>,
    /// Cursor of the page.
    pub cursor: Option<String>,
    /// Rows per page; 1 to 200, 50 by default.
    pub limit: Option<u16>,
}

/// A legal hold: while it is active, what it covers cannot be deleted (`GetLegalHold`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalHold {
    /// Its id; the key together with account and Region.
    pub id: String,
    /// ARN.
    pub arn: Arn,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// Title.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Status as AWS words it: `CREATING`, `ACTIVE`, `CANCELING`, `CANCELED`.
    pub status: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// Names of the vaults that it covers; none covers all.
    pub vaults: Vec<String>,
    /// ARNs of the resources that it covers; none covers all.
    pub resources: Vec<String>,
    /// It covers points made at or after.
    pub from: Option<Timestamp>,
    /// It covers points made at or before.
    pub until: Option<Timestamp>,
    /// How many points it holds, as AWS lists them.
    pub points: u64,
}

impl LegalHold {
    /// Whether it keeps anything from being deleted.
    pub fn is_active(&self) -> bool {
        matches!(self.status.as_str(), "CREATING" | "ACTIVE" | "CANCELING")
    }

    /// Whether its selection reaches into a vault.
    pub fn reaches(&self, vault: &str) -> bool {
        self.vaults.is_empty() || self.vaults.iter().any(|name| name == vault)
    }

    /// Whether its selection covers the point; that AWS holds it, the point says itself.
    pub fn covers(&self, point: &RecoveryPoint) -> bool {
        self.is_active()
            && self.account == point.account
            && self.region == point.region
            && point.created_at <= self.created_at
            && point.vault.as_deref().is_some_and(|v| self.reaches(v))
            && (self.resources.is_empty()
                || self
                    .resources
                    .iter()
                    .any(|arn| arn == point.resource_arn.as_str()))
            && self.from.is_none_or(|from| from <= point.created_at)
            && self.until.is_none_or(|until| point.created_at <= until)
    }
}

/// AWS Backup's default quotas, per account and Region.
pub mod quota {
    /// Vaults.
    pub const VAULTS: u64 = 300;
    /// Recovery points in a vault.
    pub const POINTS_PER_VAULT: u64 = 1_000_000;
    /// Active legal holds.
    pub const LEGAL_HOLDS: u64 = 50;
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn vault() -> Vault {
        Vault {
            name: "v".to_owned(),
            arn: Arn::parse("arn:aws:backup:eu-west-1:111111111111:backup-vault:v").unwrap(),
            account: AccountId::parse("111111111111").unwrap(),
            region: Region::parse("eu-west-1").unwrap(),
            points: 0,
            locked: false,
            lock_date: None,
            min_retention_days: None,
            max_retention_days: None,
            kind: VaultKind::Standard,
            created_at: None,
            encryption_key: None,
            access_policy: None,
        }
    }

    #[test]
    fn a_lock_without_a_date_is_removable_and_one_with_a_date_until_then_only() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let (before, after) = (
            Timestamp::from_second(999_999).unwrap(),
            Timestamp::from_second(1_000_001).unwrap(),
        );
        let state = |locked, lock_date| {
            Vault {
                locked,
                lock_date,
                ..vault()
            }
            .lock_state(now)
        };
        assert_eq!(state(false, None), LockState::Open);
        assert_eq!(state(true, None), LockState::Governance);
        assert_eq!(state(true, Some(after)), LockState::Grace { until: after });
        let since = Some(before);
        assert_eq!(state(true, since), LockState::Immutable { since });
    }

    #[test]
    fn an_air_gapped_vault_is_always_immutable() {
        let vault = Vault {
            kind: VaultKind::AirGapped,
            ..vault()
        };
        let state = vault.lock_state(Timestamp::UNIX_EPOCH);
        assert_eq!(state, LockState::Immutable { since: None });
    }
}
