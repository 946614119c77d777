use jiff::Timestamp;
use tidemark_domain::{
    Invalid,
    records::{ComparisonAsk, DifferenceFilter, DifferenceKind},
};

use super::moment;
use crate::query::{Query, pairs};

/// Records on a page, when nothing else is asked for.
const ROWS: u16 = 100;

/// A comparison as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompareQuery {
    /// The capture's id.
    pub capture: String,
    /// The moment before.
    pub from: String,
    /// The moment after; empty for the live table.
    pub to: String,
    /// When the live table was compared that is shown.
    pub at: String,
    /// `created`, `changed`, `deleted`, or empty for all.
    pub kind: String,
    /// Only records in which this attribute differs.
    pub attribute: String,
    /// Only records whose key contains this.
    pub text: String,
    /// The first record shown, from 0.
    pub start: String,
    /// Records on a page.
    pub rows: String,
}

impl CompareQuery {
    /// The path of the page.
    pub const PATH: &'static str = "/records/compare";

    /// The names of the address.
    pub const NAMES: [&'static str; 9] = [
        "capture",
        "from",
        "to",
        "at",
        "kind",
        "attribute",
        "text",
        "start",
        "rows",
    ];

    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut compare = Self::default();
        for (name, value) in pairs(query) {
            let field = match name.as_str() {
                "capture" => &mut compare.capture,
                "from" => &mut compare.from,
                "to" => &mut compare.to,
                "at" => &mut compare.at,
                "kind" => &mut compare.kind,
                "attribute" => &mut compare.attribute,
                "text" => &mut compare.text,
                "start" => &mut compare.start,
                "rows" => &mut compare.rows,
                _ => continue,
            };
            *field = value;
        }
        compare
    }

    /// The query string.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        for (name, value) in [
            ("capture", &self.capture),
            ("from", &self.from),
            ("to", &self.to),
            ("at", &self.at),
            ("kind", &self.kind),
            ("attribute", &self.attribute),
            ("text", &self.text),
            ("start", &self.start),
            ("rows", &self.rows),
        ] {
            query.push(name, value);
        }
        query
    }

    /// The address of the page.
    pub fn href(&self) -> String {
        self.query().on(Self::PATH)
    }

    /// The same comparison from its first record, changed.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = Self {
            start: String::new(),
            ..self.clone()
        };
        change(&mut changed);
        changed
    }

    /// A moment was given: there is something to compare.
    pub fn is_asked(&self) -> bool {
        !self.from.is_empty()
    }

    /// Which of the differences are shown.
    pub fn filter(&self) -> Result<DifferenceFilter, Invalid> {
        let kind = match self.kind.as_str() {
            "" => None,
            word => Some(
                DifferenceKind::parse(word)
                    .ok_or_else(|| Invalid::new("kind", "must be created, changed or deleted"))?,
            ),
        };
        Ok(DifferenceFilter {
            kind,
            attribute: self.attribute.clone(),
            text: self.text.clone(),
        })
    }

    /// The moments between which is compared: the first must be given.
    pub fn moments(&self) -> Result<(Timestamp, Option<Timestamp>), Invalid> {
        let from = moment::read("from", &self.from)?
            .ok_or_else(|| Invalid::new("from", "must be given"))?;
        Ok((from, moment::read("to", &self.to)?))
    }

    /// When the comparison with the live table was made that is meant.
    pub fn compared_at(&self) -> Result<Option<Timestamp>, Invalid> {
        if self.at.is_empty() {
            return Ok(None);
        }
        self.at
            .parse()
            .map(Some)
            .map_err(|_| Invalid::new("at", "must be a moment"))
    }

    /// What is asked of the use case.
    pub fn ask(&self) -> Result<ComparisonAsk, Invalid> {
        let (from, to) = self.moments()?;
        let number = |field: &str, text: &str| {
            text.trim()
                .parse::<u64>()
                .map_err(|_| Invalid::new(field, "must be a whole number"))
        };
        Ok(ComparisonAsk {
            from,
            to,
            compared_at: self.compared_at()?,
            filter: self.filter()?,
            start: match self.start.as_str() {
                "" => 0,
                text => number("start", text)?,
            },
            rows: match self.rows.as_str() {
                "" => ROWS,
                text => u16::try_from(number("rows", text)?).unwrap_or(u16::MAX),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_address_keeps_the_comparison() {
        let query = CompareQuery {
            capture: "c".to_owned(),
            from: "2026-11-21T03:00:00".to_owned(),
            to: "2026-11-21T04:00:00".to_owned(),
            at: "2026-11-21T05:00:00.123Z".to_owned(),
            kind: "changed".to_owned(),
            attribute: "a&b".to_owned(),
            text: "o-1".to_owned(),
            start: "100".to_owned(),
            rows: "250".to_owned(),
        };
        assert_eq!(CompareQuery::parse(query.query().as_str()), query);
        let ask = query.ask().unwrap();
        assert_eq!((ask.start, ask.rows), (100, 250));
        assert_eq!(query.with(|q| q.kind.clear()).start, "");
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let field = |query: &str| CompareQuery::parse(query).ask().unwrap_err().field;
        assert_eq!(field(""), "from");
        assert_eq!(field("from=soon"), "from");
        assert_eq!(field("from=2026-11-21T03:00&to=x"), "to");
        assert_eq!(field("from=2026-11-21T03:00&kind=x"), "kind");
        assert_eq!(field("from=2026-11-21T03:00&rows=x"), "rows");
        assert_eq!(field("from=2026-11-21T03:00&start=-1"), "start");
    }
}
