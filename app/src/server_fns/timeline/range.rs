use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tidemark_domain::Invalid;

use crate::{
    format::machine,
    query::{Query, pairs},
};

/// The stretch of time that a timeline shows, as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Range {
    /// One of the named lengths, ending or beginning about now.
    pub range: String,
    /// First moment; stands above `range`.
    pub from: String,
    /// Last moment.
    pub until: String,
}

impl Range {
    /// Places for marks on a lane that the server draws: so many that each can be hit where a lane is
    /// 960 pixels wide.
    pub const COLUMNS: u16 = 40;

    /// Columns of a lane on a canvas, at most: more than twice the pixels of most screens tell nothing.
    pub const MOST_COLUMNS: u16 = 2000;

    /// The lengths to choose from: name in addresses, name shown, hours before and after now.
    pub const CHOICES: [(&'static str, &'static str, i64, i64); 8] = [
        ("1h", "1 hour", 1, 0),
        ("1d", "1 day", 24, 0),
        ("7d", "7 days", 7 * 24, 0),
        ("35d", "35 days", 35 * 24, 0),
        ("1y", "1 year", 366 * 24, 0),
        ("5y", "5 years", 5 * 366 * 24, 0),
        ("next35d", "next 35 days", 5 * 24, 35 * 24),
        ("next1y", "next year", 36 * 24, 366 * 24),
    ];

    /// What is shown when nothing was chosen.
    pub const DEFAULT: &'static str = "35d";

    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut range = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "range" => range.range = value,
                "from" => range.from = value,
                "until" => range.until = value,
                _ => {}
            }
        }
        range
    }

    /// A named length that ends now.
    pub fn named(name: &str) -> Self {
        Self {
            range: name.to_owned(),
            ..Self::default()
        }
    }

    /// The stretch between two moments.
    pub fn between(from: Timestamp, until: Timestamp) -> Self {
        Self {
            range: String::new(),
            from: machine(from),
            until: machine(until),
        }
    }

    /// The name of the length that is shown; none for a stretch of its own.
    pub fn name(&self) -> Option<&str> {
        match (self.from.is_empty(), self.range.as_str()) {
            (false, _) => None,
            (true, "") => Some(Self::DEFAULT),
            (true, name) => Some(name),
        }
    }

    /// Adds the range to an address.
    pub fn push_to(&self, query: &mut Query) {
        query
            .push("range", &self.range)
            .push("from", &self.from)
            .push("until", &self.until);
    }

    /// First and last moment. A named length goes a little beyond now, so that now can be seen.
    pub fn resolve(&self, now: Timestamp) -> Result<(Timestamp, Timestamp), Invalid> {
        if let Some(name) = self.name() {
            let found = Self::CHOICES.iter().find(|choice| choice.0 == name);
            let &(_, _, before, after) = found.ok_or_else(|| {
                let names = Self::CHOICES.map(|choice| choice.0).join(", ");
                Invalid::new("range", format!("must be one of {names}"))
            })?;
            let hours = SignedDuration::from_hours;
            let margin = hours(before + after) / 33;
            return shifted(now, -hours(before))
                .zip(shifted(now, hours(after) + margin))
                .ok_or_else(too_far);
        }
        let moment = |field: &str, text: &str| {
            text.parse::<Timestamp>()
                .map_err(|_| Invalid::new(field, "must be a moment such as 2026-11-21T14:04:31Z"))
        };
        let (from, until) = (moment("from", &self.from)?, moment("until", &self.until)?);
        if until.as_second() - from.as_second() < 10 {
            return Err(Invalid::new(
                "time range",
                "must be at least 10 seconds long",
            ));
        }
        Ok((from, until))
    }

    /// The same length earlier (negative) or later, by a part of itself.
    pub fn moved(from: Timestamp, until: Timestamp, half_lengths: i32) -> Option<Self> {
        let half = until.duration_since(from) / 2 * half_lengths;
        Some(Self::between(shifted(from, half)?, shifted(until, half)?))
    }

    /// Twice or half the length around the same middle.
    pub fn zoomed(from: Timestamp, until: Timestamp, closer: bool) -> Option<Self> {
        let length = until.duration_since(from);
        let by = if closer { length / 4 } else { -(length / 2) };
        if closer && length.as_secs() < 40 {
            return None;
        }
        Some(Self::between(shifted(from, by)?, shifted(until, -by)?))
    }
}

fn shifted(at: Timestamp, by: SignedDuration) -> Option<Timestamp> {
    at.checked_add(by).ok()
}

fn too_far() -> Invalid {
    Invalid::new("range", "must lie within the calendar")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_named_length_ends_a_little_after_now() {
        let now = at("2026-11-21T12:00:00Z");
        let (from, until) = Range::named("1d").resolve(now).unwrap();
        assert_eq!(from, at("2026-11-20T12:00:00Z"));
        assert!(until > now && until < at("2026-11-21T13:00:00Z"));
    }

    #[test]
    fn a_stretch_of_its_own_stands_above_a_name() {
        let range = Range::parse("range=1d&from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z");
        assert_eq!(range.name(), None);
        assert_eq!(
            range.resolve(at("2026-11-21T12:00:00Z")).unwrap(),
            (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"))
        );
    }

    #[test]
    fn broken_ranges_name_their_field() {
        let broken = |query: &str| {
            Range::parse(query)
                .resolve(at("2026-11-21T12:00:00Z"))
                .unwrap_err()
                .field
        };
        assert_eq!(broken("range=2w"), "range");
        assert_eq!(broken("from=yesterday&until=2026-01-01T00:00:00Z"), "from");
        assert_eq!(broken("from=2026-01-01T00:00:00Z"), "until");
        assert_eq!(
            broken("from=2026-01-01T00:00:00Z&until=2025-01-01T00:00:00Z"),
            "time range"
        );
    }

    #[test]
    fn moving_and_zooming_keep_length_and_middle() {
        let (from, until) = (at("2026-01-01T00:00:00Z"), at("2026-01-03T00:00:00Z"));
        assert_eq!(
            Range::moved(from, until, -1),
            Some(Range::between(
                at("2025-12-31T00:00:00Z"),
                at("2026-01-02T00:00:00Z")
            ))
        );
        assert_eq!(
            Range::zoomed(from, until, true),
            Some(Range::between(
                at("2026-01-01T12:00:00Z"),
                at("2026-01-02T12:00:00Z")
            ))
        );
        assert_eq!(
            Range::zoomed(from, until, false),
            Some(Range::between(
                at("2025-12-31T00:00:00Z"),
                at("2026-01-04T00:00:00Z")
            ))
        );
    }
}
