use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ColdChange, PointAction};
use crate::{
    PointSource, RecoveryPoint, Tier,
    plan::{Lifecycle, spans},
};

/// The lifecycle that a point would get: days from its creation; none for never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLifecycle {
    /// Days until the move to cold storage.
    pub cold_after_days: Option<i64>,
    /// Days until deletion.
    pub delete_after_days: Option<i64>,
}

impl NewLifecycle {
    /// When a point made then would be deleted.
    pub fn delete_at(&self, created_at: Timestamp) -> Option<Timestamp> {
        let days = self.delete_after_days?;
        created_at.checked_add(spans::days(days)).ok()
    }
}

/// Why a point is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Its vault is locked.
    Locked,
    /// A legal hold covers it.
    Held,
    /// It is a member of a composite point.
    Member,
    /// It is a continuous point.
    Continuous,
    /// It lies in no vault of AWS Backup.
    OutsideVaults,
    /// It is being made or deleted just now.
    Busy,
    /// It is in cold storage already, and would be deleted before its 90 days there.
    ColdTooShort,
    /// It is in cold storage already, which cannot be changed any more.
    ColdAlready,
    /// It has this lifecycle already.
    Unchanged,
}

impl Keep {
    /// Why, and what can be done, in a sentence.
    pub fn why(self) -> &'static str {
        match self {
            Self::Locked => {
                "Its vault is locked. A governance lock can be removed by those who may; under a compliance lock it stays until its own date."
            }
            Self::Held => "A legal hold covers it. Cancel the hold first.",
            Self::Member => {
                "It is a member of a composite recovery point. Choose the composite point in its place."
            }
            Self::Continuous => {
                "It is a continuous point: point-in-time recovery would end with it. End continuous backup in the plan first."
            }
            Self::OutsideVaults => {
                "It was made outside AWS Backup and lies in no vault. Change it with the service that made it."
            }
            Self::Busy => "It is being made or deleted just now.",
            Self::ColdTooShort => {
                "It is in cold storage already and must stay there for at least 90 days."
            }
            Self::ColdAlready => {
                "It is in cold storage already; that move cannot be changed once it has happened."
            }
            Self::Unchanged => "It has this lifecycle already.",
        }
    }

    /// The few words that lists show.
    pub fn label(self) -> &'static str {
        match self {
            Self::Locked => "in a locked vault",
            Self::Held => "under a legal hold",
            Self::Member => "members of composite points",
            Self::Continuous => "continuous",
            Self::OutsideVaults => "outside vaults",
            Self::Busy => "being made or deleted",
            Self::ColdTooShort => "cold for less than 90 days by then",
            Self::ColdAlready => "cold already",
            Self::Unchanged => "with this lifecycle already",
        }
    }
}

/// What would become of a point: the lifecycle that it would get (nothing in it for a deletion), or
/// why it is left.
///
/// Sources: `DeleteRecoveryPoint`, `UpdateRecoveryPointLifecycle`, `Lifecycle`,
/// `PutBackupVaultLockConfiguration`.
pub fn verdict(point: &RecoveryPoint, action: &PointAction) -> Result<NewLifecycle, Keep> {
    if point.vault.is_none() {
        return Err(Keep::OutsideVaults);
    }
    if point.source == PointSource::Continuous {
        return Err(Keep::Continuous);
    }
    if point.parent.is_some() {
        return Err(Keep::Member);
    }
    if matches!(point.status.as_str(), "CREATING" | "DELETING") {
        return Err(Keep::Busy);
    }
    if point.locked {
        return Err(Keep::Locked);
    }
    match *action {
        PointAction::Delete if point.held => Err(Keep::Held),
        PointAction::Delete => Ok(NewLifecycle::default()),
        PointAction::ChangeLifecycle {
            cold,
            delete_after_days,
        } => new_lifecycle(point, cold, delete_after_days),
    }
}

fn new_lifecycle(
    point: &RecoveryPoint,
    cold: ColdChange,
    delete_after_days: Option<i64>,
) -> Result<NewLifecycle, Keep> {
    let days = |at: Option<Timestamp>| at.map(|at| days_between(point.created_at, at));
    let (cold_now, delete_now) = (days(point.cold_at), days(point.delete_at));
    let cold_after_days = match cold {
        ColdChange::Keep => cold_now,
        ColdChange::Never => None,
        ColdChange::After { days } => Some(days),
    };
    if point.tier == Tier::Cold && cold_after_days != cold_now {
        return Err(Keep::ColdAlready);
    }
    if let (Some(cold), Some(delete)) = (cold_after_days, delete_after_days)
        && delete < cold + Lifecycle::COLD_MINIMUM_DAYS
    {
        return Err(Keep::ColdTooShort);
    }
    if (cold_after_days, delete_after_days) == (cold_now, delete_now) {
        return Err(Keep::Unchanged);
    }
    Ok(NewLifecycle {
        cold_after_days,
        delete_after_days,
    })
}

/// Whole days, to the nearest: AWS may round the dates that it calculates.
pub(crate) fn days_between(from: Timestamp, until: Timestamp) -> i64 {
    let seconds = until.as_second() - from.as_second();
    (seconds + 43_200).div_euclid(86_400)
}

/// Why a point is `EXPIRED`, and the fix: it should be gone, and AWS Backup could not delete it.
pub fn expired_words(point: &RecoveryPoint) -> (&'static str, &'static str) {
    if point.held {
        return (
            "Its retention is over, but a legal hold keeps it.",
            "Cancel the legal hold when the case is closed: AWS Backup then deletes it by itself.",
        );
    }
    if point.locked {
        return (
            "Its retention is over, but the vault's lock does not let AWS Backup delete it.",
            "Wait for the date that the lock sets, or remove a governance lock.",
        );
    }
    if point.parent.is_some() {
        return (
            "Its retention is over, but it is a member of a composite point that still exists.",
            "Delete the composite point: its members go with it.",
        );
    }
    (
        "Its retention is over, but AWS Backup could not delete it: most often the role that made it is gone or lacks permissions, or the snapshot is shared or used by an image.",
        "Give the role of the backup plan its permissions back, release the snapshot, then delete the point here.",
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::{AccountId, Arn, Region, ResourceType};

    fn day(days: i64) -> Timestamp {
        Timestamp::from_second(1_767_225_600 + days * 86_400).unwrap()
    }

    fn point() -> RecoveryPoint {
        RecoveryPoint {
            arn: Arn::parse("arn:aws:backup:eu-west-1:111122223333:recovery-point:a").unwrap(),
            resource_arn: Arn::parse("arn:aws:dynamodb:eu-west-1:111122223333:table/t").unwrap(),
            resource_type: ResourceType::DynamoDb,
            account: AccountId::parse("111122223333").unwrap(),
            region: Region::parse("eu-west-1").unwrap(),
            vault: Some("daily".to_owned()),
            source: PointSource::AwsBackup,
            status: "COMPLETED".to_owned(),
            status_message: None,
            created_at: day(0),
            completed_at: None,
            size_bytes: None,
            tier: Tier::Warm,
            cold_at: Some(day(30)),
            delete_at: Some(day(120)),
            locked: false,
            held: false,
            copied_from: None,
            copied_from_vault: None,
            parent: None,
            plan_id: None,
            rule_id: None,
        }
    }

    fn lifecycle(cold: ColdChange, delete_after_days: Option<i64>) -> PointAction {
        PointAction::ChangeLifecycle {
            cold,
            delete_after_days,
        }
    }

    #[test]
    fn what_must_not_be_deleted_is_left_with_its_reason() {
        let delete = |point: RecoveryPoint| verdict(&point, &PointAction::Delete);
        assert!(delete(point()).is_ok());
        let cases: [(RecoveryPoint, Keep); 6] = [
            (
                RecoveryPoint {
                    locked: true,
                    held: true,
                    ..point()
                },
                Keep::Locked,
            ),
            (
                RecoveryPoint {
                    held: true,
                    ..point()
                },
                Keep::Held,
            ),
            (
                RecoveryPoint {
                    parent: Some(point().arn),
                    ..point()
                },
                Keep::Member,
            ),
            (
                RecoveryPoint {
                    source: PointSource::Continuous,
                    ..point()
                },
                Keep::Continuous,
            ),
            (
                RecoveryPoint {
                    vault: None,
                    ..point()
                },
                Keep::OutsideVaults,
            ),
            (
                RecoveryPoint {
                    status: "CREATING".to_owned(),
                    ..point()
                },
                Keep::Busy,
            ),
        ];
        for (point, keep) in cases {
            assert_eq!(delete(point), Err(keep));
        }
    }

    #[test]
    fn a_hold_does_not_forbid_another_lifecycle() {
        let held = RecoveryPoint {
            held: true,
            ..point()
        };
        assert!(verdict(&held, &lifecycle(ColdChange::Keep, None)).is_ok());
    }

    #[test]
    fn the_cold_move_stays_as_it_is_once_it_has_happened() {
        let cold = RecoveryPoint {
            tier: Tier::Cold,
            ..point()
        };
        for change in [ColdChange::Never, ColdChange::After { days: 31 }] {
            assert_eq!(
                verdict(&cold, &lifecycle(change, None)),
                Err(Keep::ColdAlready)
            );
        }
        let kept = verdict(&cold, &lifecycle(ColdChange::Keep, Some(200))).unwrap();
        assert_eq!(
            (kept.cold_after_days, kept.delete_after_days),
            (Some(30), Some(200))
        );
        assert!(verdict(&cold, &lifecycle(ColdChange::After { days: 30 }, Some(200))).is_ok());
    }

    #[test]
    fn ninety_days_in_cold_storage_are_counted_from_the_points_own_move() {
        let keep = |days| verdict(&point(), &lifecycle(ColdChange::Keep, Some(days)));
        assert_eq!(keep(119), Err(Keep::ColdTooShort));
        assert_eq!(keep(120), Err(Keep::Unchanged));
        assert!(keep(121).is_ok());
        assert!(verdict(&point(), &lifecycle(ColdChange::Never, Some(1))).is_ok());
    }
}
