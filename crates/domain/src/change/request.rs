use std::fmt;

use serde::{Deserialize, Serialize};

use super::members::{ActionMembers, ColdMembers};
use crate::{AccountId, Arn, Invalid, PointFilter, plan::Lifecycle};

/// What is to be done with recovery points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", try_from = "ActionMembers")]
pub enum PointAction {
    /// `DeleteRecoveryPoint`.
    Delete,
    /// `UpdateRecoveryPointLifecycle`.
    ChangeLifecycle {
        /// The move to cold storage.
        cold: ColdChange,
        /// Days until deletion, from the point's creation; none for never.
        delete_after_days: Option<i64>,
    },
}

/// What happens to the move to cold storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cold", rename_all = "snake_case", try_from = "ColdMembers")]
pub enum ColdChange {
    /// Each point keeps its own.
    #[default]
    Keep,
    /// It never moves.
    Never,
    /// It moves so many days after its creation.
    After {
        /// Days.
        days: i64,
    },
}

impl PointAction {
    /// Checks the days against AWS Backup's rules (`Lifecycle`), before any point is looked at.
    pub fn check(&self) -> Result<(), Invalid> {
        let Self::ChangeLifecycle {
            cold,
            delete_after_days,
        } = self
        else {
            return Ok(());
        };
        let lifecycle = Lifecycle {
            move_to_cold_storage_after_days: match cold {
                ColdChange::After { days } => Some(*days),
                ColdChange::Keep | ColdChange::Never => None,
            },
            delete_after_days: *delete_after_days,
            ..Lifecycle::default()
        };
        lifecycle.check().map_err(|error| {
            let field = match error.field.as_str() {
                "MoveToColdStorageAfterDays" => "days until cold storage",
                "DeleteAfterDays" => "days until deletion",
                _ => return error,
            };
            let rule = error
                .rule
                .replace("MoveToColdStorageAfterDays", "the days until cold storage")
                .replace(", or be -1 for never", "; empty is never");
            Invalid::new(field, rule)
        })
    }
}

/// A recovery point picked by hand: the account that holds it, and its ARN, which alone need not
/// name the account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PointPick {
    /// Account that holds it.
    pub account: AccountId,
    /// Its ARN.
    pub arn: Arn,
}

impl PointPick {
    /// Reads `account/arn`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (account, arn) = text
            .split_once('/')
            .ok_or_else(|| Invalid::new("recovery point", "must be written account/ARN"))?;
        Ok(Self {
            account: AccountId::parse(account)?,
            arn: Arn::parse(arn)?,
        })
    }
}

impl fmt::Display for PointPick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.arn)
    }
}

impl TryFrom<String> for PointPick {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<PointPick> for String {
    fn from(pick: PointPick) -> Self {
        pick.to_string()
    }
}

/// Which recovery points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointSelection {
    /// All that match a filter.
    Matching(Box<PointFilter>),
    /// These.
    Picked(Vec<PointPick>),
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRequest {
    /// What is to be done.
    pub action: PointAction,
    /// With which points.
    pub selection: PointSelection,
    /// Every recovery point of every account is meant: said in so many words, since a filter that is
    /// empty by mistake takes them too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
}

impl ChangeRequest {
    /// The most points that one run takes on.
    pub const MOST: usize = 25_000;

    /// Refuses a selection that takes everything without saying so, and one that says both.
    pub fn check_extent(&self) -> Result<(), Invalid> {
        self.selection.check_extent(self.all)
    }
}

impl PointSelection {
    /// Refuses what takes everything without `all` saying so, and what says both.
    pub fn check_extent(&self, all: bool) -> Result<(), Invalid> {
        let Self::Matching(filter) = self else {
            return if all {
                Err(Invalid::new(
                    "all",
                    "must not be given with points selected by hand",
                ))
            } else {
                Ok(())
            };
        };
        match (filter.takes_everything(), all) {
            (true, false) => Err(Invalid::new(
                "selection",
                "has an empty filter, which takes every recovery point of every account; narrow it, or \
                 say \"all\": true (on the command line --all) if everything is meant",
            )),
            (false, true) => Err(Invalid::new(
                "all",
                "must not be given together with a filter: say either what is meant",
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_pick_keeps_the_account_that_its_arn_may_not_name() {
        let text = "111122223333/arn:aws:ec2:eu-west-1::snapshot/snap-0a";
        let pick = PointPick::parse(text).unwrap();
        assert_eq!(pick.account.as_str(), "111122223333");
        assert_eq!(pick.to_string(), text);
        assert!(PointPick::parse("arn:aws:ec2:eu-west-1::snapshot").is_err());
    }

    #[test]
    fn everything_is_taken_only_when_it_is_said() {
        let request = |filter: PointFilter, all: bool| ChangeRequest {
            action: PointAction::Delete,
            selection: PointSelection::Matching(Box::new(filter)),
            all,
        };
        let paged = PointFilter {
            limit: Some(5),
            cursor: Some("c".to_owned()),
            oldest_first: true,
            ..PointFilter::default()
        };
        let narrow = PointFilter {
            vault: Some("daily".to_owned()),
            ..PointFilter::default()
        };
        for empty in [PointFilter::default(), paged] {
            assert_eq!(
                request(empty.clone(), false)
                    .check_extent()
                    .unwrap_err()
                    .field,
                "selection"
            );
            assert!(request(empty, true).check_extent().is_ok());
        }
        assert!(request(narrow.clone(), false).check_extent().is_ok());
        assert_eq!(
            request(narrow, true).check_extent().unwrap_err().field,
            "all"
        );
        let blank = PointFilter {
            text: Some(String::new()),
            vault: Some("  ".to_owned()),
            ..PointFilter::default()
        };
        assert!(request(blank, false).check_extent().is_err());
    }

    #[test]
    fn deletion_sooner_than_90_days_after_cold_storage_names_the_forms_field() {
        let action = PointAction::ChangeLifecycle {
            cold: ColdChange::After { days: 30 },
            delete_after_days: Some(100),
        };
        assert_eq!(action.check().unwrap_err().field, "days until deletion");
        assert!(PointAction::Delete.check().is_ok());
    }
}
