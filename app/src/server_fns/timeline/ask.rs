use serde::{Deserialize, Serialize};

use super::Range;
use crate::{
    query::{Query, pairs},
    server_fns::resources::ResourceQuery,
};

/// What a timeline shows, as its address says it: one resource, or the resources of a list, and the
/// stretch of time. Text as typed, checked on the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TimelineAsk {
    /// ARN of the one resource; empty for a list.
    pub arn: String,
    /// The list.
    pub list: ResourceQuery,
    /// The stretch of time.
    pub range: Range,
    /// Columns per lane; 0 for as many as the server draws.
    pub columns: u16,
}

impl TimelineAsk {
    /// The page.
    pub const PATH: &'static str = "/timeline";

    /// One resource.
    pub fn one(arn: &str, range: Range) -> Self {
        Self {
            arn: arn.to_owned(),
            range,
            ..Self::default()
        }
    }

    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let arn = pairs(query).into_iter().find(|(name, _)| name == "arn");
        Self {
            arn: arn.map(|(_, arn)| arn).unwrap_or_default(),
            list: ResourceQuery::parse(query),
            range: Range::parse(query),
            columns: 0,
        }
    }

    /// The same with another stretch of time.
    #[must_use]
    pub fn during(&self, range: &Range) -> Self {
        Self {
            range: range.clone(),
            ..self.clone()
        }
    }

    /// The address below `path`.
    pub fn on(&self, path: &str) -> String {
        let mut query = Query::default();
        query.push("arn", &self.arn);
        self.list.push_to(&mut query);
        self.range.push_to(&mut query);
        query.on(path)
    }

    /// Columns to ask the catalogue for.
    pub fn columns(&self) -> u16 {
        match self.columns {
            0 => Range::COLUMNS,
            columns => columns.clamp(2, Range::MOST_COLUMNS),
        }
    }
}

#[cfg(feature = "ssr")]
impl TimelineAsk {
    /// What the use case is asked for, at this time.
    pub fn resolve(
        &self,
        now: jiff::Timestamp,
    ) -> Result<
        (
            tidemark_services::timeline::Shown,
            tidemark_services::timeline::Window,
        ),
        tidemark_domain::Invalid,
    > {
        use tidemark_services::timeline::{Shown, Window};
        let (from, until) = self.range.resolve(now)?;
        let shown = if self.arn.is_empty() {
            Shown::Page(self.list.filter()?)
        } else {
            Shown::One(tidemark_domain::Arn::parse(&self.arn)?)
        };
        let window = Window {
            from,
            until,
            columns: self.columns(),
        };
        Ok((shown, window))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_address_keeps_list_and_time() {
        let query = "text=orders&account=012345678901&sort=-size&range=7d";
        let ask = TimelineAsk::parse(query);
        let address = ask.on(TimelineAsk::PATH);
        assert_eq!(TimelineAsk::parse(address.split_once('?').unwrap().1), ask);
        assert_eq!(ask.range, Range::named("7d"));
        let one = TimelineAsk::one("arn:aws:s3:::b", Range::named("1y"));
        assert_eq!(
            one.on("/timeline"),
            "/timeline?arn=arn%3Aaws%3As3%3A%3A%3Ab&range=1y"
        );
    }
}
