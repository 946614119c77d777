use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::BackupError;

const MAX_DAYS: i64 = 36_500;
const MIN_COLD_DAYS: i64 = 90;

/// When a recovery point moves to cold storage and when it is deleted, in days from its creation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Lifecycle {
    /// Days until cold storage; absent or −1 is never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub move_to_cold_storage_after_days: Option<i64>,
    /// Days until deletion; absent or −1 is never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_after_days: Option<i64>,
    /// EBS archives only where this is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opt_in_to_archive_for_supported_resources: Option<bool>,
    /// Set by AWS only; refused as input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_after_event: Option<String>,
}

/// The dates that follow from a lifecycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CalculatedLifecycle {
    /// When it moves (or moved) to cold storage.
    pub move_to_cold_storage_at: Option<Timestamp>,
    /// When it is deleted.
    pub delete_at: Option<Timestamp>,
}

impl Lifecycle {
    /// A lifecycle that deletes after so many days and never moves to cold storage.
    pub fn delete_after(days: i64) -> Self {
        Self {
            delete_after_days: Some(days),
            ..Self::default()
        }
    }

    /// Days until cold storage, if ever.
    pub fn cold_days(&self) -> Option<i64> {
        self.move_to_cold_storage_after_days
            .filter(|days| *days >= 0)
    }

    /// Days until deletion, if ever.
    pub fn delete_days(&self) -> Option<i64> {
        self.delete_after_days.filter(|days| *days >= 0)
    }

    /// Checks the bounds that the API sets.
    pub fn validate(&self) -> Result<(), BackupError> {
        if self.delete_after_event.is_some() {
            return Err(BackupError::invalid(
                "DeleteAfterEvent is not valid as an input",
            ));
        }
        for (name, days) in [
            (
                "MoveToColdStorageAfterDays",
                self.move_to_cold_storage_after_days,
            ),
            ("DeleteAfterDays", self.delete_after_days),
        ] {
            if days.is_some_and(|days| days != -1 && !(1..=MAX_DAYS).contains(&days)) {
                return Err(BackupError::invalid(format!(
                    "Invalid lifecycle. {name} must be -1 or between 1 and {MAX_DAYS}"
                )));
            }
        }
        match (self.cold_days(), self.delete_days()) {
            (Some(cold), Some(delete)) if delete < cold + MIN_COLD_DAYS => {
                Err(BackupError::invalid(format!(
                    "Invalid lifecycle. DeleteAfterDays ({delete}) must be at least {MIN_COLD_DAYS} days \
                     greater than MoveToColdStorageAfterDays ({cold})"
                )))
            }
            _ => Ok(()),
        }
    }

    /// The dates for a point created at `created`; types without cold storage ignore that part.
    pub fn calculated(&self, created: Timestamp, cold_supported: bool) -> CalculatedLifecycle {
        CalculatedLifecycle {
            move_to_cold_storage_at: self
                .cold_days()
                .filter(|_| cold_supported)
                .and_then(|days| days_after(created, days)),
            delete_at: self
                .delete_days()
                .and_then(|days| days_after(created, days)),
        }
    }
}

pub(crate) fn days_after(from: Timestamp, days: i64) -> Option<Timestamp> {
    from.checked_add(SignedDuration::from_hours(days * 24)).ok()
}
