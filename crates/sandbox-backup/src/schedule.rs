use jiff::{Timestamp, tz::TimeZone};
use tidemark_domain::schedule::AwsCron;

use crate::error::BackupError;

/// When a plan's rule fires: an AWS `cron(…)` expression in a time zone.
///
/// It is read by the console's own parser, whose tests hold it against what AWS documents and against a
/// slow definition of its own: a second reader here accepted other expressions, and called others right that
/// never fired.
#[derive(Clone, Debug)]
pub struct Schedule {
    cron: AwsCron,
    zone: TimeZone,
}

/// AWS Backup's schedule where a rule names none.
pub const DEFAULT_SCHEDULE: &str = "cron(0 5 ? * * *)";

impl Schedule {
    /// Reads an expression and an IANA zone name (`None` is UTC).
    pub fn parse(expression: &str, zone: Option<&str>) -> Result<Self, BackupError> {
        let cron = AwsCron::parse(expression).map_err(|error| {
            BackupError::invalid(format!("Invalid schedule expression {expression}: {error}"))
        })?;
        let zone = match zone {
            None => TimeZone::UTC,
            Some(name) => TimeZone::get(name)
                .map_err(|_| BackupError::invalid(format!("Unknown time zone: {name}")))?,
        };
        Ok(Self { cron, zone })
    }

    /// The first moment strictly after `after` at which the schedule fires, if there is one before 2200.
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        self.cron.after(after, &self.zone).next()
    }
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
    #[case("cron(0 3 ? * L *)", "2026-01-01T00:00:00Z", "2026-01-03T03:00:00Z")]
    #[case("cron(0 3 LW * ? *)", "2026-01-01T00:00:00Z", "2026-01-30T03:00:00Z")]
    #[case(
        "cron(0 3 ? * FRI-MON *)",
        "2026-01-06T00:00:00Z",
        "2026-01-09T03:00:00Z"
    )]
    #[case("cron(0 22-2 ? * * *)", "2026-01-01T02:30:00Z", "2026-01-01T22:00:00Z")]
    #[case("cron(0 3 28-3 * ? *)", "2026-01-04T00:00:00Z", "2026-01-28T03:00:00Z")]
    #[case(
        "cron(0 3 1 NOV-FEB ? *)",
        "2026-03-01T00:00:00Z",
        "2026-11-01T03:00:00Z"
    )]
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
