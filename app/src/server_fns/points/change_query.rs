use jiff::Timestamp;
use tidemark_domain::{
    Invalid, RecoveryPoint,
    change::{ChangeRequest, ColdChange, PointAction, PointPick, PointSelection},
    strict,
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
    /// Every recovery point of every account is meant; it was ticked.
    pub all: bool,
    /// What the address says beside, which nobody knows: a misspelt filter would leave the change
    /// wider than it was meant.
    pub unknown: Vec<(String, String)>,
}

impl ChangeQuery {
    /// The path of the page.
    pub const PATH: &'static str = "/points/change";

    /// The names of the address beside the filter's.
    const OWN: [&'static str; 7] = [
        "do",
        "pick",
        "cold",
        "cold_days",
        "delete_days",
        "chosen",
        "all",
    ];

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
                "all" => change.all = value == "1",
                other if PointQuery::NAMES.contains(&other) => {}
                _ => change.unknown.push((name, value)),
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
        for (name, value) in &self.unknown {
            query.push(name, value);
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
            let all = self.all.then_some(("all", "1"));
            return filters
                .into_iter()
                .chain(all)
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
        }
        self.picks
            .iter()
            .map(|pick| ("pick".to_owned(), pick.clone()))
            .collect()
    }

    /// Whether it names neither points nor a filter: everything would be taken, which must be ticked.
    pub fn takes_everything(&self) -> bool {
        self.picks.is_empty() && self.unknown.is_empty() && !self.filter.is_filtered()
    }

    /// Whether points are to be deleted, rather than get another lifecycle.
    pub fn deletes(&self) -> bool {
        self.action != "lifecycle"
    }

    /// The request that this amounts to now.
    pub fn request(&self, now: Timestamp) -> Result<ChangeRequest, Invalid> {
        if let Some((name, _)) = self.unknown.first() {
            let known = [&Self::OWN[..], &PointQuery::NAMES].concat();
            return Err(strict::unknown(name, name, &known));
        }
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
        Ok(ChangeRequest {
            action,
            selection,
            all: self.all,
        })
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
    fn a_misspelt_filter_is_refused_and_everything_must_be_ticked() {
        let misspelt = ChangeQuery::parse("do=delete&valt=orders-main");
        let again = ChangeQuery::parse(misspelt.query().as_str());
        let refusal = again.request(Timestamp::UNIX_EPOCH).unwrap_err();
        assert_eq!(refusal.field, "valt");
        assert!(refusal.rule.contains("vault"), "{}", refusal.rule);
        let everything = ChangeQuery::parse("do=delete&order=oldest");
        assert!(everything.takes_everything() && !everything.all);
        let ticked = ChangeQuery::parse("do=delete&all=1");
        assert!(ticked.request(Timestamp::UNIX_EPOCH).unwrap().all);
        assert_eq!(ChangeQuery::parse(ticked.query().as_str()), ticked);
        assert!(!ChangeQuery::parse("do=delete&vault=v").takes_everything());
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
