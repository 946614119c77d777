//! A second implementation, written from the rules and not from the code: it looks at every minute.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};
use proptest::prelude::*;
use tidemark_domain::schedule::AwsCron;

/// Whether a number is one of a comma list of `*`, `a`, `a-b`, `a/s`, `a-b/s`.
fn hit(field: &str, value: i16, min: i16, max: i16) -> bool {
    field.split(',').any(|part| {
        let (range, step) = part
            .split_once('/')
            .map_or((part, 1), |(r, s)| (r, s.parse().unwrap()));
        let open = part.contains('/');
        let (from, to) = match range {
            "*" => (min, max),
            _ => match range.split_once('-') {
                Some((a, b)) => (a.parse().unwrap(), b.parse().unwrap()),
                None if open => (range.parse().unwrap(), max),
                None => (range.parse().unwrap(), range.parse::<i16>().unwrap()),
            },
        };
        let mut at = from;
        loop {
            if at == value {
                return true;
            }
            for _ in 0..step {
                if at == to {
                    return false;
                }
                at = if at == max { min } else { at + 1 };
            }
        }
    })
}

fn day_hits(dom: &str, dow: &str, now: &Zoned) -> bool {
    let date = now.date();
    let last = date.days_in_month();
    let weekday = i16::from(date.weekday().to_sunday_one_offset());
    let workday = |day: i8| {
        let date = jiff::civil::date(date.year(), date.month(), day);
        !matches!(date.weekday().to_sunday_one_offset(), 1 | 7)
    };
    if dow == "?" {
        return match dom {
            "L" => date.day() == last,
            "LW" => workday(date.day()) && (date.day() + 1..=last).all(|d| !workday(d)),
            _ => match dom.strip_suffix('W') {
                Some(day) => {
                    let day: i8 = day.parse().unwrap();
                    if day > last {
                        return false;
                    }
                    // The workday with the smallest distance; there is never a tie of two.
                    let best = (1..=last)
                        .filter(|d| workday(*d))
                        .min_by_key(|d| (d - day).abs());
                    best == Some(date.day())
                }
                None => hit(dom, i16::from(date.day()), 1, 31),
            },
        };
    }
    if let Some((day, nth)) = dow.split_once('#') {
        return weekday == day.parse::<i16>().unwrap()
            && (date.day() - 1) / 7 + 1 == nth.parse::<i8>().unwrap();
    }
    match dow.strip_suffix('L') {
        Some("") => weekday == 7,
        Some(day) => weekday == day.parse::<i16>().unwrap() && date.day() + 7 > last,
        None => hit(dow, weekday, 1, 7),
    }
}

/// Every minute of the span at which the expression fires; a local minute fires once.
fn slow(fields: &[String], zone: &TimeZone, from: Timestamp, minutes: i64) -> Vec<Timestamp> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    // Begins early, so that the first pass of a repeated hour is seen before the second.
    for minute in -180..minutes {
        let at = Timestamp::from_second((from.as_second() / 60 + minute + 1) * 60).unwrap();
        let now = at.to_zoned(zone.clone());
        let fires = hit(&fields[0], i16::from(now.minute()), 0, 59)
            && hit(&fields[1], i16::from(now.hour()), 0, 23)
            && hit(&fields[3], i16::from(now.month()), 1, 12)
            && day_hits(&fields[2], &fields[4], &now);
        if fires && seen.insert(now.datetime()) && at > from {
            out.push(at);
        }
    }
    out
}

fn list(min: i16, max: i16) -> impl Strategy<Value = String> {
    let value = min..=max;
    let part = prop_oneof![
        3 => value.clone().prop_map(|v| v.to_string()),
        1 => Just("*".to_owned()),
        1 => (value.clone(), value.clone()).prop_map(|(a, b)| format!("{a}-{b}")),
        1 => (value.clone(), 1..=max).prop_map(|(a, s)| format!("{a}/{s}")),
        1 => (value.clone(), value, 1..=max).prop_map(|(a, b, s)| format!("{a}-{b}/{s}")),
    ];
    prop::collection::vec(part, 1..3).prop_map(|parts| parts.join(","))
}

fn days() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        list(1, 31).prop_map(|d| (d, "?".to_owned())),
        Just(("L".to_owned(), "?".to_owned())),
        Just(("LW".to_owned(), "?".to_owned())),
        (1..=31).prop_map(|d| (format!("{d}W"), "?".to_owned())),
        list(1, 7).prop_map(|d| ("?".to_owned(), d)),
        (1..=7, 1..=5).prop_map(|(d, n)| ("?".to_owned(), format!("{d}#{n}"))),
        (1..=7).prop_map(|d| ("?".to_owned(), format!("{d}L"))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn fires_exactly_at_the_minutes_that_the_rules_name(
        minutes in list(0, 59),
        hours in list(0, 23),
        (dom, dow) in days(),
        months in prop_oneof![3 => Just("*".to_owned()), 1 => list(1, 12)],
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
        // Weeks around both changes of 2026 and 2027, and a leap day.
        start in prop::sample::select(vec!["2026-10-24T00:00:00Z", "2027-03-27T00:00:00Z", "2027-03-13T00:00:00Z", "2026-10-31T12:00:00Z", "2028-02-27T00:00:00Z", "2027-04-03T00:00:00Z"]),
        offset in 0_i64..86_400,
    ) {
        let fields = [minutes, hours, dom, months, dow, "*".to_owned()];
        let cron = AwsCron::parse(&format!("cron({})", fields.join(" "))).unwrap();
        let zone = TimeZone::get(zone).unwrap();
        let from = start.parse::<Timestamp>().unwrap() + SignedDuration::from_secs(offset);
        let span = 5 * 24 * 60;
        let end = Timestamp::from_second((from.as_second() / 60 + span) * 60).unwrap();
        let expected = slow(&fields, &zone, from, span);
        let got: Vec<Timestamp> = cron.after(from, &zone).take_while(|at| *at <= end).collect();
        prop_assert_eq!(got, expected, "{} from {}", cron, from);
    }
}
