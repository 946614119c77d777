use jiff::{Timestamp, tz::TimeZone};
use tidemark_domain::schedule::AwsCron;

fn next(cron: &str, zone: &str, from: &str, count: usize) -> Vec<String> {
    let zone = TimeZone::get(zone).unwrap();
    let from: Timestamp = from.parse().unwrap();
    AwsCron::parse(cron)
        .unwrap()
        .after(from, &zone)
        .take(count)
        .map(|at| at.to_string())
        .collect()
}

fn check(cron: &str, zone: &str, from: &str, expected: &[&str]) {
    assert_eq!(
        next(cron, zone, from, expected.len()),
        expected,
        "{cron} in {zone} from {from}"
    );
}

#[test]
fn daily_and_stepped_times() {
    check(
        "cron(0 5 ? * * *)",
        "UTC",
        "2026-11-21T05:00:00Z",
        &["2026-11-22T05:00:00Z"],
    );
    check(
        "cron(0/20 0 * * ? *)",
        "UTC",
        "2026-11-21T00:00:00Z",
        &[
            "2026-11-21T00:20:00Z",
            "2026-11-21T00:40:00Z",
            "2026-11-22T00:00:00Z",
        ],
    );
    check(
        "cron(0/10 * ? * * *)",
        "UTC",
        "2026-11-21T00:55:00Z",
        &["2026-11-21T01:00:00Z"],
    );
}

#[test]
fn month_ends_and_leap_years() {
    check(
        "cron(0 0 L * ? *)",
        "UTC",
        "2028-01-31T12:00:00Z",
        &[
            "2028-02-29T00:00:00Z",
            "2028-03-31T00:00:00Z",
            "2028-04-30T00:00:00Z",
        ],
    );
    check(
        "cron(0 0 29 2 ? *)",
        "UTC",
        "2026-01-01T00:00:00Z",
        &["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"],
    );
    check(
        "cron(0 0 31 * ? *)",
        "UTC",
        "2026-03-31T00:00:00Z",
        &["2026-05-31T00:00:00Z", "2026-07-31T00:00:00Z"],
    );
}

#[test]
fn nearest_and_last_weekdays_stay_in_their_month() {
    // 2026-08-15 is a Saturday, 2026-11-15 a Sunday, 2026-08-01 a Saturday, 2026-05-31 a Sunday.
    check(
        "cron(0 9 15W * ? *)",
        "UTC",
        "2026-08-01T00:00:00Z",
        &["2026-08-14T09:00:00Z"],
    );
    check(
        "cron(0 9 15W 11 ? *)",
        "UTC",
        "2026-08-01T00:00:00Z",
        &["2026-11-16T09:00:00Z"],
    );
    check(
        "cron(0 9 1W 8 ? *)",
        "UTC",
        "2026-07-31T00:00:00Z",
        &["2026-08-03T09:00:00Z"],
    );
    check(
        "cron(0 9 31W 5 ? *)",
        "UTC",
        "2026-05-01T00:00:00Z",
        &["2026-05-29T09:00:00Z"],
    );
    check(
        "cron(0 9 LW * ? *)",
        "UTC",
        "2026-05-01T00:00:00Z",
        &["2026-05-29T09:00:00Z", "2026-06-30T09:00:00Z"],
    );
}

#[test]
fn nth_and_last_days_of_the_week() {
    // 6 is Friday. The third Friday of November 2026 is the 20th; a fifth Friday comes in January 2027.
    check(
        "cron(0 1 ? * 6#3 *)",
        "UTC",
        "2026-11-01T00:00:00Z",
        &["2026-11-20T01:00:00Z", "2026-12-18T01:00:00Z"],
    );
    check(
        "cron(0 1 ? * FRI#5 *)",
        "UTC",
        "2026-11-01T00:00:00Z",
        &["2027-01-29T01:00:00Z"],
    );
    check(
        "cron(0 1 ? * 6L *)",
        "UTC",
        "2026-11-01T00:00:00Z",
        &["2026-11-27T01:00:00Z"],
    );
    check(
        "cron(0 1 ? * L *)",
        "UTC",
        "2026-11-21T02:00:00Z",
        &["2026-11-28T01:00:00Z"],
    );
}

#[test]
fn ranges_that_wrap_go_on_at_the_beginning() {
    check(
        "cron(0 22-1 ? * * *)",
        "UTC",
        "2026-11-21T22:30:00Z",
        &[
            "2026-11-21T23:00:00Z",
            "2026-11-22T00:00:00Z",
            "2026-11-22T01:00:00Z",
            "2026-11-22T22:00:00Z",
        ],
    );
    check(
        "cron(0 0 ? * SAT-MON *)",
        "UTC",
        "2026-11-20T12:00:00Z",
        &[
            "2026-11-21T00:00:00Z",
            "2026-11-22T00:00:00Z",
            "2026-11-23T00:00:00Z",
            "2026-11-28T00:00:00Z",
        ],
    );
    check(
        "cron(0 0 1 NOV-FEB ? *)",
        "UTC",
        "2026-11-20T12:00:00Z",
        &[
            "2026-12-01T00:00:00Z",
            "2027-01-01T00:00:00Z",
            "2027-02-01T00:00:00Z",
            "2027-11-01T00:00:00Z",
        ],
    );
}

#[test]
fn a_local_time_that_daylight_saving_skips_does_not_fire() {
    // Berlin skips 02:00 to 03:00 on 2027-03-28; New York on 2027-03-14.
    check(
        "cron(30 2 ? * * *)",
        "Europe/Berlin",
        "2027-03-27T00:00:00Z",
        &["2027-03-27T01:30:00Z", "2027-03-29T00:30:00Z"],
    );
    check(
        "cron(30 2 ? * * *)",
        "America/New_York",
        "2027-03-13T00:00:00Z",
        &["2027-03-13T07:30:00Z", "2027-03-15T06:30:00Z"],
    );
}

#[test]
fn a_local_time_that_comes_twice_fires_the_first_time() {
    // Berlin repeats 02:00 to 03:00 on 2026-10-25; Lord Howe repeats half an hour on 2027-04-04.
    check(
        "cron(30 2 ? * * *)",
        "Europe/Berlin",
        "2026-10-24T12:00:00Z",
        &["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"],
    );
    check(
        "cron(45 1 ? * * *)",
        "Australia/Lord_Howe",
        "2027-04-03T00:00:00Z",
        &["2027-04-03T14:45:00Z", "2027-04-04T15:15:00Z"],
    );
}

#[test]
fn years_end_the_schedule() {
    assert_eq!(
        next("cron(0 0 1 1 ? 2027)", "UTC", "2026-01-01T00:00:00Z", 10),
        ["2027-01-01T00:00:00Z"]
    );
    assert!(next("cron(0 0 1 1 ? 1999)", "UTC", "2026-01-01T00:00:00Z", 1).is_empty());
    assert!(next("cron(0 0 30 2 ? *)", "UTC", "2190-01-01T00:00:00Z", 1).is_empty());
}

#[test]
fn before_is_the_mirror_of_after() {
    for cron in [
        "cron(0 5 ? * * *)",
        "cron(0 9 15W * ? *)",
        "cron(30 2 ? * * *)",
        "cron(0 0 L * ? *)",
        "cron(0 1 ? * 6#3 *)",
    ] {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let cron = AwsCron::parse(cron).unwrap();
        let from: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let runs: Vec<Timestamp> = cron.after(from, &zone).take(50).collect();
        for pair in runs.windows(2) {
            assert_eq!(cron.before(pair[1], &zone), Some(pair[0]), "{cron}");
        }
    }
}

#[test]
fn words_tell_the_schedule() {
    for (cron, words) in [
        ("cron(0 5 ? * * *)", "at 05:00, every day"),
        (
            "cron(0 5,17 ? * MON-WED *)",
            "at 05:00 and 17:00, on Mon, Tue and Wed",
        ),
        (
            "cron(0 0 L * ? *)",
            "at 00:00, on the last day of the month",
        ),
        (
            "cron(0 1 ? JAN 6#3 *)",
            "at 01:00, on the third Fri of the month in Jan",
        ),
        ("cron(15 * ? * * *)", "every hour at minute 15, every day"),
    ] {
        assert_eq!(AwsCron::parse(cron).unwrap().explain(), words);
    }
}
