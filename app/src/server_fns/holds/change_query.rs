use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tidemark_domain::{
    AccountId, Arn, Invalid, LegalHold, Region, VaultName,
    vaults::{HoldChange, HoldRelease, HoldRequest, NewHold},
};

use crate::query::{Query, pairs};

/// Making or releasing a legal hold as an address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoldChangeQuery {
    /// `create` or `release`.
    pub what: String,
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// The form was filled in.
    pub chosen: bool,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Names of vaults, by blanks or commas.
    pub vaults: String,
    /// ARNs of resources, by blanks.
    pub resources: String,
    /// First day, UTC.
    pub from: String,
    /// Last day, UTC.
    pub until: String,
    /// Id of the hold to release.
    pub hold: String,
    /// For how many days AWS keeps the record of it.
    pub retain: String,
}

impl HoldChangeQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut change = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "do" => change.what = value,
                "account" => change.account = value,
                "region" => change.region = value,
                "chosen" => change.chosen = value == "1",
                "title" => change.title = value,
                "description" => change.description = value,
                "vaults" => change.vaults = value,
                "resources" => change.resources = value,
                "from" => change.from = value,
                "until" => change.until = value,
                "hold" => change.hold = value,
                "retain" => change.retain = value,
                _ => {}
            }
        }
        change
    }

    /// Releasing a hold.
    pub fn release(hold: &LegalHold) -> Self {
        Self {
            what: "release".to_owned(),
            account: hold.account.to_string(),
            region: hold.region.to_string(),
            hold: hold.id.clone(),
            ..Self::default()
        }
    }

    /// The query string.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        query
            .push("do", &self.what)
            .push("account", &self.account)
            .push("region", &self.region)
            .push("title", &self.title)
            .push("description", &self.description)
            .push("vaults", &self.vaults)
            .push("resources", &self.resources)
            .push("from", &self.from)
            .push("until", &self.until)
            .push("hold", &self.hold)
            .push("retain", &self.retain)
            .push("chosen", if self.chosen { "1" } else { "" });
        query
    }

    /// The address of its page.
    pub fn href(&self) -> String {
        self.query().on("/holds/change")
    }

    /// The change.
    pub fn request(&self) -> Result<HoldRequest, Invalid> {
        Ok(HoldRequest {
            account: AccountId::parse(self.account.trim())?,
            region: Region::parse(self.region.trim())?,
            change: match self.what.as_str() {
                "create" => HoldChange::Create(NewHold {
                    title: self.title.clone(),
                    description: self.description.clone(),
                    vaults: listed(&self.vaults)
                        .map(|name| VaultName::parse(name).map_err(|e| e.in_field("vaults")))
                        .collect::<Result<_, _>>()?,
                    resources: listed(&self.resources)
                        .map(|arn| Arn::parse(arn).map_err(|e| e.in_field("resources")))
                        .collect::<Result<_, _>>()?,
                    from: moment("from", &self.from, "00:00:00")?,
                    until: moment("until", &self.until, "23:59:59")?,
                }),
                "release" => HoldChange::Release(HoldRelease {
                    hold: self.hold.trim().to_owned(),
                    retain_record_days: match self.retain.trim() {
                        "" => None,
                        days => Some(days.parse().map_err(|_| {
                            Invalid::new("retain_record_days", "must be a whole number of days")
                        })?),
                    },
                }),
                _ => return Err(Invalid::new("do", "must be create or release")),
            },
        })
    }
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', ' ', '\n', '\r', '\t'])
        .filter(|one| !one.is_empty())
}

/// A day at a time of it, UTC.
fn moment(field: &'static str, day: &str, time: &str) -> Result<Option<Timestamp>, Invalid> {
    match day.trim() {
        "" => Ok(None),
        day => format!("{day}T{time}Z")
            .parse()
            .map(Some)
            .map_err(|_| Invalid::new(field, "must be a day such as 2026-01-31")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_address_keeps_a_hold_and_its_days() {
        let text = "do=create&account=111122223333&region=eu-west-1&title=Case&description=why&vaults=a1%20b2&from=2026-01-01&until=2026-01-31&chosen=1";
        let query = HoldChangeQuery::parse(text);
        assert_eq!(query.query().as_str(), text);
        let HoldChange::Create(new) = query.request().unwrap().change else {
            unreachable!("a hold is made");
        };
        assert_eq!(new.vaults.len(), 2);
        assert_eq!(new.until.unwrap().to_string(), "2026-01-31T23:59:59Z");
        let broken = HoldChangeQuery {
            from: "yesterday".to_owned(),
            ..query
        };
        assert_eq!(broken.request().unwrap_err().field, "from");
    }
}
