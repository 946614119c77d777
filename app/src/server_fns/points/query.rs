use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tidemark_domain::{
    AccountId, Arn, Invalid, PointFilter, PointSource, Region, ResourceType, Tier,
};

use crate::query::{Query, pairs};

/// A list of recovery points as its address says it: text as typed, checked on the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PointQuery {
    /// Part of the resource's name or ARN, or the ARN of a point.
    pub text: String,
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Name of the vault.
    pub vault: String,
    /// ARN of the resource.
    pub resource: String,
    /// Type of the resource.
    pub kind: String,
    /// Status as AWS words it.
    pub status: String,
    /// `warm` or `cold`.
    pub tier: String,
    /// Who made it, by the word of the API.
    pub source: String,
    /// Id of the plan that made it.
    pub plan: String,
    /// Tag of the resource: `key` or `key=value`.
    pub tag: String,
    /// `held`, `locked` or `free`.
    pub kept: String,
    /// Older than so many days.
    pub older: String,
    /// Newer than so many days.
    pub newer: String,
    /// `oldest` for the oldest first.
    pub order: String,
    /// Cursor of the page.
    pub cursor: String,
}

impl PointQuery {
    /// The names of the address.
    pub const NAMES: [&'static str; 16] = [
        "text", "account", "region", "vault", "resource", "kind", "status", "tier", "source",
        "plan", "tag", "kept", "older", "newer", "order", "cursor",
    ];

    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut list = Self::default();
        for (name, value) in pairs(query) {
            if let Some(field) = list.field(&name) {
                *field = value;
            }
        }
        list
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "text" => &mut self.text,
            "account" => &mut self.account,
            "region" => &mut self.region,
            "vault" => &mut self.vault,
            "resource" => &mut self.resource,
            "kind" => &mut self.kind,
            "status" => &mut self.status,
            "tier" => &mut self.tier,
            "source" => &mut self.source,
            "plan" => &mut self.plan,
            "tag" => &mut self.tag,
            "kept" => &mut self.kept,
            "older" => &mut self.older,
            "newer" => &mut self.newer,
            "order" => &mut self.order,
            "cursor" => &mut self.cursor,
            _ => return None,
        })
    }

    /// What is filtered, by the names of the address.
    pub fn filters(&self) -> [(&'static str, &str); 14] {
        [
            ("text", &self.text),
            ("account", &self.account),
            ("region", &self.region),
            ("vault", &self.vault),
            ("resource", &self.resource),
            ("kind", &self.kind),
            ("status", &self.status),
            ("tier", &self.tier),
            ("source", &self.source),
            ("plan", &self.plan),
            ("tag", &self.tag),
            ("kept", &self.kept),
            ("older", &self.older),
            ("newer", &self.newer),
        ]
    }

    /// The address of the list below `path`.
    pub fn on(&self, path: &str) -> String {
        let mut query = Query::default();
        for (name, value) in self.filters() {
            query.push(name, value);
        }
        query
            .push("order", &self.order)
            .push("cursor", &self.cursor);
        query.on(path)
    }

    /// The same list at the page of a cursor; an empty one is the first page.
    #[must_use]
    pub fn after(&self, cursor: &str) -> Self {
        Self {
            cursor: cursor.to_owned(),
            ..self.clone()
        }
    }

    /// The same list the other way round, from its first page.
    #[must_use]
    pub fn turned(&self) -> Self {
        let order = if self.is_oldest_first() { "" } else { "oldest" };
        Self {
            order: order.to_owned(),
            ..self.after("")
        }
    }

    /// Whether the oldest come first.
    pub fn is_oldest_first(&self) -> bool {
        self.order == "oldest"
    }

    /// Whether anything is filtered.
    pub fn is_filtered(&self) -> bool {
        self.filters().iter().any(|(_, value)| !value.is_empty())
    }

    /// The filter that this amounts to now.
    pub fn filter(&self, now: Timestamp) -> Result<PointFilter, Invalid> {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let (held, locked) = match self.kept.as_str() {
            "" => (None, None),
            "held" => (Some(true), None),
            "locked" => (None, Some(true)),
            "free" => (Some(false), Some(false)),
            _ => return Err(Invalid::new("kept", "must be held, locked or free")),
        };
        Ok(PointFilter {
            text: given(&self.text),
            account: given(&self.account).map(AccountId::parse).transpose()?,
            region: given(&self.region).map(Region::parse).transpose()?,
            vault: given(&self.vault),
            resource: given(&self.resource).map(Arn::parse).transpose()?,
            resource_type: given(&self.kind).map(ResourceType::from),
            status: given(&self.status).map(|status| status.to_uppercase()),
            tier: given(&self.tier)
                .map(|word| {
                    Tier::parse(&word).ok_or_else(|| Invalid::new("tier", "must be warm or cold"))
                })
                .transpose()?,
            source: given(&self.source)
                .map(|word| {
                    PointSource::parse(&word)
                        .ok_or_else(|| Invalid::new("source", "must be one of the list"))
                })
                .transpose()?,
            plan: given(&self.plan),
            tag: given(&self.tag),
            held,
            locked,
            owner: None,
            until: days_ago("older than", &self.older, now)?,
            from: days_ago("newer than", &self.newer, now)?,
            oldest_first: self.is_oldest_first(),
            cursor: given(&self.cursor),
            limit: Some(50),
        })
    }
}

fn days_ago(field: &str, days: &str, now: Timestamp) -> Result<Option<Timestamp>, Invalid> {
    let days = days.trim();
    if days.is_empty() {
        return Ok(None);
    }
    days.parse::<u32>()
        .ok()
        .and_then(|days| {
            now.checked_sub(SignedDuration::from_hours(24 * i64::from(days)))
                .ok()
        })
        .map(Some)
        .ok_or_else(|| Invalid::new(field, "must be a whole number of days"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_address_keeps_the_list() {
        let query = PointQuery::parse(
            "?vault=daily&status=EXPIRED&older=90&kept=free&tag=team%3Dorders&order=oldest&cursor=c",
        );
        let address = query.on("/points");
        assert_eq!(PointQuery::parse(address.split_once('?').unwrap().1), query);
        assert!(query.is_filtered());
        assert_eq!(query.turned().order, "");
        assert_eq!(query.turned().cursor, "");
    }

    #[test]
    fn every_name_of_the_address_has_its_field() {
        for name in PointQuery::NAMES {
            assert!(PointQuery::default().field(name).is_some(), "{name}");
        }
        for (name, _) in PointQuery::default().filters() {
            assert!(PointQuery::NAMES.contains(&name), "{name}");
        }
    }

    #[test]
    fn days_count_back_from_now() {
        let now = Timestamp::from_second(100 * 86_400).unwrap();
        let filter = PointQuery::parse("older=90&newer=95").filter(now).unwrap();
        assert_eq!(filter.until.unwrap().as_second(), 10 * 86_400);
        assert_eq!(filter.from.unwrap().as_second(), 5 * 86_400);
    }

    #[test]
    fn nonsense_in_the_address_names_its_field() {
        let broken = |query: &str| {
            PointQuery::parse(query)
                .filter(Timestamp::UNIX_EPOCH)
                .unwrap_err()
                .field
        };
        assert_eq!(broken("older=x"), "older than");
        assert_eq!(broken("tier=hot"), "tier");
        assert_eq!(broken("kept=maybe"), "kept");
        assert_eq!(broken("account=1"), "account id");
    }
}
