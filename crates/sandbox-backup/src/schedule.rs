use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, TimeZone},
};

use crate::error::BackupError;

/// When a plan's rule fires: an AWS `cron(…)` expression in a time zone.
///
/// The six fields are minutes, hours, day of month, month, day of week (1 = Sunday) and year, with
/// exactly one of the two day fields `?`. A local time that the zone skips (spring) does not fire; one
/// that it repeats (autumn) fires once, at its first occurrence: the rules of `EventBridge` schedules.
#[derive(Clone, Debug)]
pub struct Schedule {
    cron: Cron,
    zone: TimeZone,
}

/// AWS Backup's schedule where a rule names none.
pub const DEFAULT_SCHEDULE: &str = "cron(0 5 ? * * *)";

const LAST_YEAR: i16 = 2199;

impl Schedule {
    /// Reads an expression and an IANA zone name (`None` is UTC).
    pub fn parse(expression: &str, zone: Option<&str>) -> Result<Self, BackupError> {
        let invalid = |why: &str| {
            BackupError::invalid(format!("Invalid schedule expression {expression}: {why}"))
        };
        let body = expression
            .trim()
            .strip_prefix("cron(")
            .and_then(|rest| rest.strip_suffix(')'))
            .ok_or_else(|| invalid("a backup rule takes the form cron(fields)"))?;
        let fields: Vec<&str> = body.split_whitespace().collect();
        let [minute, hour, day, month, weekday, year] = fields.as_slice() else {
            return Err(invalid("six fields are needed"));
        };
        if (*day == "?") == (*weekday == "?") {
            return Err(invalid(
                "exactly one of day-of-month and day-of-week must be ?",
            ));
        }
        let pattern = [
            "0".to_owned(),
            start_step(minute, "59"),
            start_step(hour, "23"),
            start_step(day, "31"),
            start_step(month, "12"),
            start_step(weekday, "7"),
            start_step(year, "2199"),
        ]
        .join(" ");
        let cron = CronParser::builder()
            .seconds(Seconds::Required)
            .year(Year::Required)
            .alternative_weekdays(true)
            .build()
            .parse(&pattern)
            .map_err(|error| invalid(&error.to_string()))?;
        let zone = match zone {
            None => TimeZone::UTC,
            Some(name) => TimeZone::get(name)
                .map_err(|_| BackupError::invalid(format!("Unknown time zone: {name}")))?,
        };
        Ok(Self { cron, zone })
    }

    /// The first moment strictly after `after` at which the schedule fires, if there is one before 2200.
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        // Offsets differ by at most a day: start a day early and drop what is not after the moment.
        let mut date = after.to_zoned(self.zone.clone()).date().yesterday().ok()?;
        while date.year() <= LAST_YEAR {
            if !self.year_matches(date) {
                date = Date::new(date.year().checked_add(1)?, 1, 1).ok()?;
                continue;
            }
            if !self.month_matches(date) {
                date = date.first_of_month().checked_add(1.month()).ok()?;
                continue;
            }
            if self.day_matches(date)
                && let Some(found) = self.first_in_day(date, after)
            {
                return Some(found);
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    fn first_in_day(&self, date: Date, after: Timestamp) -> Option<Timestamp> {
        let pattern = &self.cron.pattern;
        for hour in 0..24_i8 {
            if !pattern
                .hour_match(u32::from(hour.unsigned_abs()))
                .unwrap_or(false)
            {
                continue;
            }
            for minute in 0..60_i8 {
                if pattern
                    .minute_match(u32::from(minute.unsigned_abs()))
                    .unwrap_or(false)
                    && let Some(moment) = self.instant(date.at(hour, minute, 0, 0))
                    && moment > after
                {
                    return Some(moment);
                }
            }
        }
        None
    }

    fn instant(&self, local: DateTime) -> Option<Timestamp> {
        let ambiguous = self.zone.to_ambiguous_zoned(local);
        match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => None,
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
                ambiguous.earlier().ok().map(|zoned| zoned.timestamp())
            }
        }
    }

    fn year_matches(&self, date: Date) -> bool {
        self.cron
            .pattern
            .year_match(i32::from(date.year()))
            .unwrap_or(false)
    }

    fn month_matches(&self, date: Date) -> bool {
        self.cron
            .pattern
            .month_match(u32::from(date.month().unsigned_abs()))
            .unwrap_or(false)
    }

    fn day_matches(&self, date: Date) -> bool {
        self.cron
            .pattern
            .day_match(
                i32::from(date.year()),
                u32::from(date.month().unsigned_abs()),
                u32::from(date.day().unsigned_abs()),
            )
            .unwrap_or(false)
    }
}

/// AWS writes `start/step` where croner wants `start-end/step`.
fn start_step(field: &str, end: &str) -> String {
    field
        .split(',')
        .map(|part| match part.split_once('/') {
            Some((start, step))
                if start.bytes().all(|b| b.is_ascii_digit()) && !start.is_empty() =>
            {
                format!("{start}-{end}/{step}")
            }
            _ => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use rstest::rstest;

    use super::*;

    fn next(expression: &str, zone: Option<&str>, after: &str) -> String {
        Schedule::parse(expression, zone)
            .unwrap()
            .next_after(after.parse().unwrap())
            .unwrap()
            .to_string()
    }

    #[rstest]
    #[case("cron(0 5 ? * * *)", "2026-01-01T05:00:00Z", "2026-01-02T05:00:00Z")]
    #[case("cron(0 5 ? * * *)", "2026-01-01T04:59:59Z", "2026-01-01T05:00:00Z")]
    #[case("cron(15 0/6 ? * * *)", "2026-01-01T06:15:00Z", "2026-01-01T12:15:00Z")]
    #[case("cron(0 3 L * ? *)", "2026-02-01T00:00:00Z", "2026-02-28T03:00:00Z")]
    #[case("cron(0 3 ? * 1 *)", "2026-01-01T00:00:00Z", "2026-01-04T03:00:00Z")]
    #[case("cron(0 3 ? * SUN *)", "2026-01-01T00:00:00Z", "2026-01-04T03:00:00Z")]
    #[case("cron(0 3 ? * 7 *)", "2026-01-01T00:00:00Z", "2026-01-03T03:00:00Z")]
    #[case("cron(0 3 ? * 2#1 *)", "2026-01-06T00:00:00Z", "2026-02-02T03:00:00Z")]
    #[case("cron(0 3 29 2 ? *)", "2026-01-01T00:00:00Z", "2028-02-29T03:00:00Z")]
    #[case(
        "cron(0 3 1 JAN ? 2030)",
        "2026-01-01T00:00:00Z",
        "2030-01-01T03:00:00Z"
    )]
    fn the_next_run_follows_the_expression(
        #[case] expression: &str,
        #[case] after: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(next(expression, None, after), expected);
    }

    #[test]
    fn a_run_in_the_hour_that_spring_skips_does_not_happen_that_day() {
        // Europe/Berlin, 29 March 2026: 02:00 becomes 03:00.
        assert_eq!(
            next(
                "cron(30 2 ? * * *)",
                Some("Europe/Berlin"),
                "2026-03-28T12:00:00Z"
            ),
            "2026-03-30T00:30:00Z"
        );
    }

    #[test]
    fn a_run_in_the_hour_that_autumn_repeats_happens_once() {
        // Europe/Berlin, 25 October 2026: 03:00 becomes 02:00, so 02:30 comes twice.
        let first = next(
            "cron(30 2 ? * * *)",
            Some("Europe/Berlin"),
            "2026-10-24T12:00:00Z",
        );
        assert_eq!(first, "2026-10-25T00:30:00Z");
        assert_eq!(
            next("cron(30 2 ? * * *)", Some("Europe/Berlin"), &first),
            "2026-10-26T01:30:00Z"
        );
    }

    #[test]
    fn the_utc_hour_of_a_local_schedule_moves_with_daylight_saving() {
        let zone = Some("America/New_York");
        assert_eq!(
            next("cron(0 5 ? * * *)", zone, "2026-03-07T00:00:00Z"),
            "2026-03-07T10:00:00Z"
        );
        assert_eq!(
            next("cron(0 5 ? * * *)", zone, "2026-03-08T00:00:00Z"),
            "2026-03-08T09:00:00Z"
        );
    }

    #[rstest]
    #[case("rate(1 day)")]
    #[case("cron(0 5 * * * *)")]
    #[case("cron(0 5 ? * ? *)")]
    #[case("cron(0 5 ? * *)")]
    #[case("cron(61 5 ? * * *)")]
    #[case("0 5 ? * * *")]
    fn what_aws_refuses_is_refused(#[case] expression: &str) {
        assert!(Schedule::parse(expression, None).is_err());
    }

    #[test]
    fn an_unknown_zone_is_refused() {
        assert!(Schedule::parse(DEFAULT_SCHEDULE, Some("Mars/Olympus")).is_err());
    }

    #[test]
    fn a_schedule_that_is_over_has_no_next_run() {
        let schedule = Schedule::parse("cron(0 3 1 1 ? 2020)", None).unwrap();
        assert!(
            schedule
                .next_after("2026-01-01T00:00:00Z".parse().unwrap())
                .is_none()
        );
    }
}
