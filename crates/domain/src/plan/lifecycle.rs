use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Invalid;

/// When a recovery point moves to cold storage and when it is deleted (`Lifecycle`).
///
/// Both count from the point's creation. −1 and absent mean never.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Lifecycle {
    /// Days until the move to cold storage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub move_to_cold_storage_after_days: Option<i64>,
    /// Days until deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_after_days: Option<i64>,
    /// Archive tier for types that need opting in (EBS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opt_in_to_archive_for_supported_resources: Option<bool>,
    /// An event that deletes it, as AWS words it (`DELETE_AFTER_COPY`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_after_event: Option<String>,
    /// Fields that this version does not know, as they came.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Lifecycle {
    /// The longest time that AWS Backup keeps anything, in days.
    pub const LONGEST_DAYS: i64 = 36_500;
    /// How much later than the move to cold storage deletion must come, in days.
    pub const COLD_MINIMUM_DAYS: i64 = 90;
    /// How far back continuous backups reach at most, in days.
    pub const CONTINUOUS_DAYS: i64 = 35;

    /// Days until the move to cold storage; none for never.
    pub fn cold_after(&self) -> Option<i64> {
        self.move_to_cold_storage_after_days
            .filter(|days| *days >= 0)
    }

    /// Days until deletion; none for never.
    pub fn delete_after(&self) -> Option<i64> {
        self.delete_after_days.filter(|days| *days >= 0)
    }

    /// Checks the ranges, and that deletion comes at least 90 days after the move to cold storage.
    pub fn check(&self) -> Result<(), Invalid> {
        let wrong = self.check_days().into_iter().next();
        match wrong.or_else(|| self.check_cold()) {
            Some(wrong) => Err(wrong),
            None => Ok(()),
        }
    }

    /// Days outside their range.
    pub(super) fn check_days(&self) -> Vec<Invalid> {
        [
            (
                "MoveToColdStorageAfterDays",
                self.move_to_cold_storage_after_days,
            ),
            ("DeleteAfterDays", self.delete_after_days),
        ]
        .into_iter()
        .filter(|(_, days)| {
            days.is_some_and(|days| days != -1 && !(1..=Self::LONGEST_DAYS).contains(&days))
        })
        .map(|(field, _)| {
            Invalid::new(
                field,
                format!(
                    "must lie between 1 and {}, or be -1 for never",
                    Self::LONGEST_DAYS
                ),
            )
        })
        .collect()
    }

    /// Deletion sooner than 90 days after the move to cold storage.
    pub(super) fn check_cold(&self) -> Option<Invalid> {
        let (cold, delete) = (self.cold_after()?, self.delete_after()?);
        (delete < cold + Self::COLD_MINIMUM_DAYS).then(|| {
            Invalid::new(
                "DeleteAfterDays",
                format!(
                    "must be at least {}: {} days more than MoveToColdStorageAfterDays",
                    cold + Self::COLD_MINIMUM_DAYS,
                    Self::COLD_MINIMUM_DAYS
                ),
            )
        })
    }
}

/// A retention in words: `7 days`, `1 day`, `for ever`.
pub fn days_text(days: Option<i64>) -> String {
    match days {
        None => "forever".to_owned(),
        Some(1) => "1 day".to_owned(),
        Some(days) => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifecycle(cold: Option<i64>, delete: Option<i64>) -> Lifecycle {
        Lifecycle {
            move_to_cold_storage_after_days: cold,
            delete_after_days: delete,
            ..Lifecycle::default()
        }
    }

    #[test]
    fn deletion_comes_at_least_90_days_after_the_move_to_cold_storage() {
        assert!(lifecycle(Some(30), Some(119)).check().is_err());
        assert!(lifecycle(Some(30), Some(120)).check().is_ok());
        assert!(lifecycle(Some(30), None).check().is_ok());
        assert!(lifecycle(Some(30), Some(-1)).check().is_ok());
        assert!(lifecycle(None, Some(1)).check().is_ok());
    }

    #[test]
    fn days_outside_the_range_name_the_field() {
        for days in [0, -2, 36_501] {
            let field = lifecycle(None, Some(days)).check().map_err(|e| e.field);
            assert_eq!(field, Err("DeleteAfterDays".to_owned()), "{days}");
        }
    }
}
