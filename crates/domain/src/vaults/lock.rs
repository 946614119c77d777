use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Invalid, Vault, plan::VaultLimits};

/// How a vault is locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockMode {
    /// Who has the permission can remove the lock.
    #[default]
    Governance,
    /// After its days to change, nobody can.
    Compliance,
}

impl LockMode {
    /// The word of addresses, commands and pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Governance => "governance",
            Self::Compliance => "compliance",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        [Self::Governance, Self::Compliance]
            .into_iter()
            .find(|mode| mode.as_str() == word.trim())
            .ok_or_else(|| Invalid::new("mode", "must be governance or compliance"))
    }
}

/// A lock to set (`PutBackupVaultLockConfiguration`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LockWish {
    /// Its mode.
    pub mode: LockMode,
    /// For how many days it can still be changed or removed; compliance mode only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changeable_for_days: Option<i64>,
    /// Shortest retention in days; none demands none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_retention_days: Option<i64>,
    /// Longest retention in days; none allows any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retention_days: Option<i64>,
    /// It is set although jobs would fail that the rehearsal names.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub accept_failures: bool,
}

/// The longest time that AWS Backup takes for any of the days of a lock.
const LONGEST: i64 = 36_500;
/// AWS's cooling-off period: 72 hours.
const SHORTEST_GRACE: i64 = 3;

impl LockWish {
    /// Whether it becomes immutable.
    pub fn is_compliance(&self) -> bool {
        self.mode == LockMode::Compliance
    }

    /// The limits that it demands of jobs.
    pub fn limits(&self) -> VaultLimits {
        VaultLimits {
            min_days: self.min_retention_days,
            max_days: self.max_retention_days,
        }
    }

    /// From when on nobody can change it, were it set now; none in governance mode.
    pub fn lock_date(&self, now: Timestamp) -> Option<Timestamp> {
        let days = self.changeable_for_days.filter(|_| self.is_compliance())?;
        now.checked_add(SignedDuration::from_hours(24 * days)).ok()
    }

    /// Whether a vault is locked so already: by a call that was made between these moments.
    pub fn is_set(&self, vault: &Vault, since: Timestamp, now: Timestamp) -> bool {
        let dates = (self.lock_date(since), self.lock_date(now), vault.lock_date);
        // AWS counts by its own clock.
        let slack = SignedDuration::from_mins(10);
        let in_time = match dates {
            (Some(first), Some(last), Some(date)) => {
                date >= first.saturating_sub(slack).unwrap_or(first)
                    && date <= last.saturating_add(slack).unwrap_or(last)
            }
            (None, None, None) => true,
            _ => false,
        };
        vault.locked
            && vault.min_retention_days == self.min_retention_days
            && vault.max_retention_days == self.max_retention_days
            && in_time
    }

    pub(super) fn check(&self) -> Result<(), Invalid> {
        match (self.mode, self.changeable_for_days) {
            (LockMode::Governance, Some(_)) => {
                return Err(Invalid::new(
                    "changeable_for_days",
                    "is for compliance mode only: a lock in governance mode can be changed at any time",
                ));
            }
            (LockMode::Compliance, None) => {
                return Err(Invalid::new(
                    "changeable_for_days",
                    "must be given in compliance mode: for how many days the lock can still be changed, 3 at least",
                ));
            }
            (LockMode::Compliance, Some(days)) if !(SHORTEST_GRACE..=LONGEST).contains(&days) => {
                return Err(Invalid::new(
                    "changeable_for_days",
                    format!("must lie between {SHORTEST_GRACE} and {LONGEST}"),
                ));
            }
            _ => {}
        }
        for (field, days) in [
            ("min_retention_days", self.min_retention_days),
            ("max_retention_days", self.max_retention_days),
        ] {
            if days.is_some_and(|days| !(1..=LONGEST).contains(&days)) {
                return Err(Invalid::new(
                    field,
                    format!("must lie between 1 and {LONGEST}"),
                ));
            }
        }
        if let (Some(min), Some(max)) = (self.min_retention_days, self.max_retention_days)
            && min > max
        {
            return Err(Invalid::new(
                "max_retention_days",
                format!("must not be less than the shortest retention, {min}"),
            ));
        }
        Ok(())
    }
}
