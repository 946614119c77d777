use jiff::Timestamp;
use tidemark_domain::{
    Arn, Invalid, RecoveryPoint,
    change::{NewLifecycle, PointPick, PointSelection},
    copies::CopyRequest,
    strict,
};

use super::PointQuery;
use crate::query::{Query, pairs};

/// Copies of recovery points as their address says them: which points, where to, and how long they are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PointsCopyQuery {
    /// Points picked by hand, as `account/ARN`; none means all that the filter matches.
    pub picks: Vec<String>,
    /// The filter.
    pub filter: PointQuery,
    /// Every recovery point of every account is meant; it was ticked.
    pub all: bool,
    /// ARN of the vault that is copied into.
    pub to: String,
    /// Retention of the copies: `source`, `days` or `never`.
    pub keep: String,
    /// Days until deletion, for `days`.
    pub delete_days: String,
    /// Days until cold storage, for `days` and `never`; empty for never.
    pub cold_days: String,
    /// ARN of the role that AWS Backup copies as; empty for its default role.
    pub role: String,
    /// Points whose copies are expected to fail are tried too.
    pub anyway: bool,
    /// What the address says beside, which nobody knows.
    pub unknown: Vec<(String, String)>,
}

impl PointsCopyQuery {
    /// The path of the page.
    pub const PATH: &'static str = "/points/copy";

    /// The names of the address beside the filter's.
    const OWN: [&'static str; 9] = [
        "pick",
        "all",
        "to",
        "keep",
        "delete_days",
        "cold_days",
        "role",
        "anyway",
        "do",
    ];

    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut copy = Self {
            filter: PointQuery::parse(query).after(""),
            ..Self::default()
        };
        for (name, value) in pairs(query) {
            match name.as_str() {
                "pick" => copy.picks.push(value),
                "all" => copy.all = value == "1",
                "to" => value.trim().clone_into(&mut copy.to),
                "keep" => copy.keep = value,
                "delete_days" => copy.delete_days = value,
                "cold_days" => copy.cold_days = value,
                "role" => copy.role = value,
                "anyway" => copy.anyway = value == "1",
                // The button of the list that leads here.
                "do" => {}
                other if PointQuery::NAMES.contains(&other) => {}
                _ => copy.unknown.push((name, value)),
            }
        }
        copy
    }

    /// All that a filter matches.
    pub fn matching(filter: &PointQuery) -> Self {
        Self {
            filter: filter.after(""),
            ..Self::default()
        }
    }

    /// One point.
    pub fn one(point: &RecoveryPoint) -> Self {
        let pick = PointPick {
            account: point.account.clone(),
            arn: point.arn.clone(),
        };
        Self {
            picks: vec![pick.to_string()],
            ..Self::default()
        }
    }

    /// The same, with points tried whose copies are expected to fail, or without.
    #[must_use]
    pub fn with_anyway(&self, anyway: bool) -> Self {
        Self {
            anyway,
            ..self.clone()
        }
    }

    /// The query string.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        for (name, value) in self.selection() {
            query.push(&name, &value);
        }
        for (name, value) in [
            ("to", &self.to),
            ("keep", &self.keep),
            ("delete_days", &self.delete_days),
            ("cold_days", &self.cold_days),
            ("role", &self.role),
        ] {
            query.push(name, value);
        }
        if self.anyway {
            query.push("anyway", "1");
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

    /// The request that this amounts to now.
    pub fn request(&self, now: Timestamp) -> Result<CopyRequest, Invalid> {
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
        let cold_after_days = days("days until cold storage", &self.cold_days)?;
        let delete_after_days = days("days until deletion", &self.delete_days)?;
        let lifecycle = match self.keep.as_str() {
            "" | "source" => None,
            "days" if delete_after_days.is_none() => {
                return Err(Invalid::new("days until deletion", "must be given"));
            }
            "days" => Some(NewLifecycle {
                cold_after_days,
                delete_after_days,
            }),
            "never" => Some(NewLifecycle {
                cold_after_days,
                delete_after_days: None,
            }),
            _ => return Err(Invalid::new("keep", "must be source, days or never")),
        };
        Ok(CopyRequest {
            selection,
            all: self.all,
            destination: Arn::parse(self.to.as_str()).map_err(|e| e.in_field("destination"))?,
            lifecycle,
            service_role: Some(self.role.trim().to_owned()).filter(|role| !role.is_empty()),
            anyway: self.anyway,
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
    const VAULT: &str = "arn:aws:backup:eu-central-1:444455556666:backup-vault:safe";

    #[test]
    fn the_address_keeps_points_destination_and_choice() {
        let copy = PointsCopyQuery {
            picks: vec![PICK.to_owned()],
            to: VAULT.to_owned(),
            keep: "days".to_owned(),
            delete_days: "400".to_owned(),
            anyway: true,
            ..PointsCopyQuery::default()
        };
        assert_eq!(PointsCopyQuery::parse(copy.query().as_str()), copy);
        let matching = PointsCopyQuery::matching(&PointQuery::parse("vault=daily&cursor=c"));
        assert_eq!(matching.href(), "/points/copy?vault=daily");
        assert_eq!(PointsCopyQuery::parse("do=copy&vault=daily"), matching);
    }

    #[test]
    fn the_request_is_what_the_address_says() {
        let request = |query: &str| PointsCopyQuery::parse(query).request(Timestamp::UNIX_EPOCH);
        let picked = request(&format!("pick={PICK}&to={VAULT}")).unwrap();
        assert_eq!(
            (picked.destination.as_str(), picked.lifecycle),
            (VAULT, None)
        );
        let days = request(&format!("vault=v&to={VAULT}&keep=days&delete_days=90")).unwrap();
        assert_eq!(days.lifecycle.unwrap().delete_after_days, Some(90));
        let field = |query: &str| request(query).unwrap_err().field;
        assert_eq!(
            field(&format!("vault=v&to={VAULT}&keep=days")),
            "days until deletion"
        );
        assert_eq!(field("vault=v&to=nowhere"), "destination");
        assert_eq!(field(&format!("valt=v&to={VAULT}")), "valt");
    }
}
