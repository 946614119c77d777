//! How actions are read. Their members stand in one object beside the word that says which it is, so
//! that a strict reader sees them all.

use serde::Deserialize;

use super::{ColdChange, PointAction};
use crate::Invalid;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Do {
    Delete,
    ChangeLifecycle,
}

/// The members of a [`PointAction`].
#[derive(Debug, Deserialize)]
pub(super) struct ActionMembers {
    #[serde(rename = "do")]
    what: Do,
    #[serde(default)]
    cold: Option<ColdChange>,
    #[serde(default)]
    delete_after_days: Option<i64>,
}

impl TryFrom<ActionMembers> for PointAction {
    type Error = Invalid;

    fn try_from(members: ActionMembers) -> Result<Self, Invalid> {
        match (members.what, members.cold) {
            (Do::Delete, None) if members.delete_after_days.is_none() => Ok(Self::Delete),
            (Do::Delete, _) => Err(Invalid::new(
                "do",
                "is delete, which takes neither cold nor delete_after_days",
            )),
            (Do::ChangeLifecycle, Some(cold)) => Ok(Self::ChangeLifecycle {
                cold,
                delete_after_days: members.delete_after_days,
            }),
            (Do::ChangeLifecycle, None) => Err(Invalid::new(
                "cold",
                "must be given: {\"cold\": \"keep\"}, {\"cold\": \"never\"} or {\"cold\": \"after\", \"days\": 30}",
            )),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Cold {
    Keep,
    Never,
    After,
}

/// The members of a [`ColdChange`].
#[derive(Debug, Deserialize)]
pub(super) struct ColdMembers {
    cold: Cold,
    #[serde(default)]
    days: Option<i64>,
}

impl TryFrom<ColdMembers> for ColdChange {
    type Error = Invalid;

    fn try_from(members: ColdMembers) -> Result<Self, Invalid> {
        match (members.cold, members.days) {
            (Cold::Keep, None) => Ok(Self::Keep),
            (Cold::Never, None) => Ok(Self::Never),
            (Cold::After, Some(days)) => Ok(Self::After { days }),
            (Cold::After, None) => Err(Invalid::new("days", "must be given")),
            (Cold::Keep | Cold::Never, Some(_)) => {
                Err(Invalid::new("days", "must be given with after only"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use serde_json::json;

    use crate::{
        change::{ChangeRequest, ColdChange, PointAction},
        strict::from_json,
    };

    #[test]
    fn actions_come_back_as_they_went() {
        for action in [
            PointAction::Delete,
            PointAction::ChangeLifecycle {
                cold: ColdChange::Keep,
                delete_after_days: None,
            },
            PointAction::ChangeLifecycle {
                cold: ColdChange::After { days: 30 },
                delete_after_days: Some(400),
            },
        ] {
            let text = serde_json::to_string(&action).unwrap();
            assert_eq!(serde_json::from_str::<PointAction>(&text).unwrap(), action);
            assert_eq!(
                from_json::<PointAction>("action", text.as_bytes()).unwrap(),
                action
            );
        }
    }

    #[test]
    fn a_door_refuses_what_an_action_does_not_know_and_a_stored_one_is_read_all_the_same() {
        let later = json!({"do": "delete", "later": 1}).to_string();
        assert_eq!(
            serde_json::from_str::<PointAction>(&later).unwrap(),
            PointAction::Delete
        );
        for (action, selection, field) in [
            (
                json!({"do": "delete", "later": 1}),
                json!({"matching": {}}),
                "action.later",
            ),
            (
                json!({"do": "change_lifecycle", "cold": {"cold": "keep", "dais": 1}}),
                json!({"matching": {}}),
                "action.cold.dais",
            ),
            (
                json!({"do": "delete"}),
                json!({"matching": {"valt": "v"}}),
                "selection.matching.valt",
            ),
            (
                json!({"do": "delete"}),
                json!({"matching": []}),
                "selection.matching",
            ),
        ] {
            let text = json!({"action": action, "selection": selection}).to_string();
            let invalid = from_json::<ChangeRequest>("request body", text.as_bytes()).unwrap_err();
            assert_eq!(invalid.field, field);
        }
    }
}
