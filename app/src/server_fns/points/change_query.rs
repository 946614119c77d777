use jiff::Timestamp;
use tidemark_domain::{
    Invalid, RecoveryPoint,
    change::{ChangeRequest, ColdChange, PointAction, PointPick, PointSelection},
};

use super::PointQuery;
use crate::query::{Query, pairs};

/// A change of many points as its address says it: what, with which points, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeQuery {
    /// `delete` or `lifecycle`.
    pub action: String,
    /// Points picked by hand, as `account/ARN`; none means all that the filter matches.
    pub picks: Vec<String>,
    /// The filter.
    pub filter: PointQuery,
    /// Lifecycle: `keep`, `never` or `after`.
    pub cold: String,
    /// Lifecycle: days until cold storage.
    pub cold_days: String,
    /// Lifecycle: days until deletion; empty for never.
    pub delete_days: String,
    /// The new lifecycle was chosen.
    pub chosen: bool,
}

impl ChangeQuery {
    /// The path of the page.
    pub const PATH: &'static str = "/points/change";

    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut change = Self {
            filter: PointQuery::parse(query).after(""),
            ..Self::default()
        };
        for (name, value) in pairs(query) {
            match name.as_str() {
                "do" => change.action = value,
                "pick" => change.picks.push(value),
                "cold" => change.cold = value,
                "cold_days" => change.cold_days = value,
                "delete_days" => change.delete_days = value,
                "chosen" => change.chosen = value == "1",
                _ => {}
            }
        }
        change
    }

    /// All that a filter matches.
    pub fn matching(action: &str, filter: &PointQuery) -> Self {
        Self {
            action: action.to_owned(),
            filter: filter.after(""),
            ..Self::default()
        }
    }

    /// One point.
    pub fn one(action: &str, point: &RecoveryPoint) -> Self {
        let pick = PointPick {
            account: point.account.clone(),
            arn: point.arn.clone(),
        };
        Self {
            action: action.to_owned(),
            picks: vec![pick.to_string()],
            ..Self::default()
        }
    }

    /// The query string.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        query.push("do", &self.action);
        for (name, value) in self.selection() {
            query.push(&name, &value);
        }
        if self.chosen {
            query
                .push("cold", &self.cold)
                .push("cold_days", &self.cold_days)
                .push("delete_days", &self.delete_days)
                .push("chosen", "1");
        }
        query
    }

    /// The address of the page.
    pub fn href(&self) -> String {
        self.query().on(Self::PATH)
    }

    /// What says which points, by the names of the address.
    pub fn selection(&self) -> Vec<(String, String)> {
        if self.picks.is_empty() {
            let filters = self.filter.filters();
            return filters
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
        }
        self.picks
            .iter()
            .map(|pick| ("pick".to_owned(), pick.clone()))
            .collect()
    }

    /// Whether points are to be deleted, rather than get another lifecycle.
    pub fn deletes(&self) -> bool {
        self.action != "lifecycle"
    }

    /// The request that this amounts to now.
    pub fn request(&self, now: Timestamp) -> Result<ChangeRequest, Invalid> {
        let selection = if self.picks.is_empty() {
            PointSelection::Matching(Box::new(self.filter.filter(now)?))
        } else {
            let picks = self.picks.iter().map(|pick| PointPick::parse(pick));
            PointSelection::Picked(picks.collect::<Result<_, _>>()?)
        };
        let action = match self.action.as_str() {
            "delete" => PointAction::Delete,
            "lifecycle" => PointAction::ChangeLifecycle {
                cold: match self.cold.as_str() {
                    "" | "keep" => ColdChange::Keep,
                    "never" => ColdChange::Never,
                    "after" => ColdChange::After {
                        days: days("days until cold storage", &self.cold_days)?.ok_or_else(
                            || Invalid::new("days until cold storage", "must be given"),
                        )?,
                    },
                    _ => return Err(Invalid::new("cold storage", "must be keep, never or after")),
                },
                delete_after_days: days("days until deletion", &self.delete_days)?,
            },
            _ => return Err(Invalid::new("do", "must be delete or lifecycle")),
        };
        Ok(ChangeRequest { action, selection })
    }
}

fn days(field: &str, text: &str) -> Result<Option<i64>, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| Invalid::new(field, "must be a whole number"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const PICK: &str = "111122223333/arn:aws:backup:eu-west-1:111122223333:recovery-point:a";

    #[test]
    fn the_address_keeps_picks_filter_and_choice() {
        let change = ChangeQuery {
            action: "lifecycle".to_owned(),
            picks: vec![PICK.to_owned()],
            cold: "after".to_owned(),
            cold_days: "30".to_owned(),
            delete_days: "400".to_owned(),
            chosen: true,
            ..ChangeQuery::default()
        };
        assert_eq!(ChangeQuery::parse(change.query().as_str()), change);
        let matching = ChangeQuery::matching("delete", &PointQuery::parse("vault=daily&cursor=c"));
        assert_eq!(matching.href(), "/points/change?do=delete&vault=daily");
    }

    #[test]
    fn the_request_is_what_the_address_says() {
        let request = |query: &str| ChangeQuery::parse(query).request(Timestamp::UNIX_EPOCH);
        let picked = request(&format!("do=delete&pick={PICK}")).unwrap();
        assert_eq!(picked.action, PointAction::Delete);
        assert!(matches!(picked.selection, PointSelection::Picked(picks) if picks.len() == 1));
        assert_eq!(request("do=nothing").unwrap_err().field, "do");
        let cold = request("do=lifecycle&cold=after").unwrap_err();
        assert_eq!(cold.field, "days until cold storage");
    }
}
