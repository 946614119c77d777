use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tidemark_domain::{AccountId, Invalid, JobFilter, JobKind, JobOutcome, Region};

use crate::query::{Query, pairs};

/// AWS Backup lists jobs of so many days.
const DAYS: i64 = 30;

/// A list of jobs as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobQuery {
    /// Part of the resource's ARN or of the message.
    pub text: String,
    /// `backup`, `copy` or `restore`.
    pub kind: String,
    /// `failed`, `running` or `completed`.
    pub outcome: String,
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Of so many days.
    pub days: String,
    /// Cursor of the page.
    pub cursor: String,
}

impl JobQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut list = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "text" => list.text = value,
                "kind" => list.kind = value,
                "outcome" => list.outcome = value,
                "account" => list.account = value,
                "region" => list.region = value,
                "days" => list.days = value,
                "cursor" => list.cursor = value,
                _ => {}
            }
        }
        list
    }

    /// The address of the list at the page of a cursor; an empty one is the first page.
    pub fn page(&self, cursor: &str) -> String {
        let mut query = Query::default();
        query
            .push("text", &self.text)
            .push("kind", &self.kind)
            .push("outcome", &self.outcome)
            .push("account", &self.account)
            .push("region", &self.region)
            .push("days", &self.days)
            .push("cursor", cursor);
        query.on("/jobs")
    }

    /// Whether anything is filtered.
    pub fn is_filtered(&self) -> bool {
        self.page("") != "/jobs"
    }

    /// The filter that this amounts to.
    pub fn filter(&self, now: Timestamp) -> Result<JobFilter, Invalid> {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let days = given(&self.days)
            .map(|days| {
                days.parse()
                    .ok()
                    .filter(|days| (1..=DAYS).contains(days))
                    .ok_or_else(|| Invalid::new("days", "must lie between 1 and 30"))
            })
            .transpose()?;
        Ok(JobFilter {
            text: given(&self.text),
            kind: given(&self.kind)
                .map(|word| {
                    let known = JobKind::ALL.into_iter().find(|kind| kind.as_str() == word);
                    known.ok_or_else(|| Invalid::new("kind", "must be backup, copy or restore"))
                })
                .transpose()?,
            outcome: given(&self.outcome)
                .map(|word| {
                    let mut all = JobOutcome::ALL.into_iter();
                    all.find(|outcome| outcome.as_str() == word).ok_or_else(|| {
                        Invalid::new("outcome", "must be failed, running or completed")
                    })
                })
                .transpose()?,
            account: given(&self.account).map(AccountId::parse).transpose()?,
            region: given(&self.region).map(Region::parse).transpose()?,
            since: days.map(|days| now - SignedDuration::from_hours(24 * days)),
            owner: None,
            cursor: given(&self.cursor),
            limit: None,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_address_keeps_the_list_and_nonsense_names_its_field() {
        let now: Timestamp = "2026-12-01T12:00:00Z".parse().unwrap();
        let query = JobQuery::parse("kind=copy&outcome=failed&days=7&cursor=c");
        assert_eq!(
            query.page("c"),
            "/jobs?kind=copy&outcome=failed&days=7&cursor=c"
        );
        let filter = query.filter(now).unwrap();
        assert_eq!(filter.outcome, Some(JobOutcome::Failed));
        assert_eq!(filter.since, Some("2026-11-24T12:00:00Z".parse().unwrap()));
        for (text, field) in [
            ("kind=scan", "kind"),
            ("outcome=odd", "outcome"),
            ("days=31", "days"),
        ] {
            let broken = JobQuery::parse(text).filter(now).unwrap_err();
            assert_eq!(broken.field, field);
        }
    }
}
