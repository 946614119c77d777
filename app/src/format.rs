//! Sizes, times and counts as people read them. Pure: the same on server and in browser.

use jiff::{Timestamp, tz::TimeZone};
use tidemark_domain::PitrWindow;

/// A size in binary units, three significant digits: `0 B`, `1.50 KiB`, `12.3 GiB`.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if size < 1024 {
        return format!("{size} B");
    }
    let mut value = size as f64 / 1024.0;
    let mut unit = 0;
    while value >= 999.5 && unit < UNITS.len() - 1 {
        value /= 1024.0;
        unit += 1;
    }
    let digits = if value < 9.995 {
        2
    } else {
        usize::from(value < 99.95)
    };
    format!("{value:.digits$} {}", UNITS[unit])
}

/// A whole number with thin groups of three: `1 234 567`. The spaces do not break.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 6);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 point`, `3 points`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// How far `at` lies from `now`: `just now`, `5 min ago`, `in 3 days`. What is to come is rounded, so that a point made
/// a minute ago for 35 days goes in 35 days; what is past is as old as it is in full units.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let seconds = at.as_second() - now.as_second();
    let length = seconds.unsigned_abs();
    match seconds {
        -9..=9 => "just now".to_owned(),
        10.. => format!("in {}", span(length + unit_of(length).0 / 2)),
        _ => format!("{} ago", span(length)),
    }
}

/// A length of time in full parts of its largest unit: `45 s`, `5 min`, `3 h`, `12 days`, `14 months`, `3 years`.
pub fn span(seconds: u64) -> String {
    let (size, one, many) = unit_of(seconds);
    let number = seconds / size;
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The unit in which a length is told: how many seconds it has, and its name for one and for many.
fn unit_of(seconds: u64) -> (u64, &'static str, &'static str) {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    const MONTH: u64 = 2_629_746;
    match seconds {
        0..MINUTE => (1, "s", "s"),
        MINUTE..HOUR => (MINUTE, "min", "min"),
        HOUR..172_800 => (HOUR, "h", "h"),
        172_800..5_259_492 => (DAY, "day", "days"),
        5_259_492..63_113_904 => (MONTH, "month", "months"),
        _ => (12 * MONTH, "year", "years"),
    }
}

/// A moment to the second, in UTC: `2026-11-21 03:18:43 UTC`.
pub fn utc(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{} {} UTC", &text[..10], &text[11..19])
}

/// Stretches of time, one after the other: `from … to …, and from … to …`.
pub fn windows_in_words(windows: &[PitrWindow]) -> String {
    let words: Vec<String> = windows
        .iter()
        .map(|window| format!("from {} to {}", utc(window.earliest), utc(window.latest)))
        .collect();
    words.join(", and ")
}

/// A moment to the minute in a zone, with its day of the week: `Sat 2026-11-21 05:00`.
pub fn day_and_time(at: Timestamp, zone: &TimeZone) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let local = at.to_zoned(zone.clone()).datetime();
    let day = usize::from(local.weekday().to_monday_zero_offset().unsigned_abs());
    format!(
        "{} {} {:02}:{:02}",
        DAYS.get(day).unwrap_or(&""),
        local.date(),
        local.hour(),
        local.minute()
    )
}

/// A minute of the day: `05:00`.
pub fn hours_and_minutes(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A moment's date and its time of day to the second, in UTC, as form fields want them.
pub fn date_and_time(at: Timestamp) -> (String, String) {
    let text = at.to_string();
    (text[..10].to_owned(), text[11..19].to_owned())
}

/// An amount to the cent, grouped by thousands: `1 234.50 USD`. What is less than a cent but not
/// nothing is said to be so.
pub fn money(amount: f64, currency: &str) -> String {
    if amount > 0.0 && amount < 0.01 {
        return format!("< 0.01 {currency}");
    }
    let text = format!("{amount:.2}");
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    match whole.parse::<u64>() {
        Ok(whole) => format!("{}.{cents} {currency}", count(whole)),
        Err(_) => format!("{text} {currency}"),
    }
}

/// Reads date and time of day, in UTC, from form fields. Browsers leave out zero seconds.
pub fn parse_date_and_time(date: &str, time: &str) -> Option<Timestamp> {
    let (date, time) = (date.trim(), time.trim());
    let seconds = if time.len() == 5 { ":00" } else { "" };
    if date.len() != 10 || !(time.len() == 5 || time.len() == 8) {
        return None;
    }
    format!("{date}T{time}{seconds}Z").parse().ok()
}

/// The form that `datetime` attributes and addresses take: `2026-11-21T03:18:43Z`.
pub fn machine(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{}Z", &text[..19])
}

/// A local moment, from its parts and the zone's distance from UTC in minutes:
/// `2026-11-21 04:18:43 UTC+1`.
pub fn local(parts: [u32; 6], offset_minutes: i32) -> String {
    let [year, month, day, hour, minute, second] = parts;
    let sign = if offset_minutes < 0 { '−' } else { '+' };
    let (hours, minutes) = (offset_minutes.abs() / 60, offset_minutes.abs() % 60);
    let zone = match (hours, minutes) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    };
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} {zone}")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn sizes_have_three_digits_and_binary_units() {
        for (size, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.00 KiB"),
            (1536, "1.50 KiB"),
            (10 * 1024 * 1024, "10.0 MiB"),
            (123 << 30, "123 GiB"),
            (1023 << 20, "1.00 GiB"),
            (u64::MAX, "16.0 EiB"),
        ] {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(counted(1, "point", "points"), "1 point");
        assert_eq!(counted(0, "point", "points"), "0 points");
    }

    #[test]
    fn amounts_are_told_to_the_cent() {
        assert_eq!(money(0.0, "USD"), "0.00 USD");
        assert_eq!(money(0.004, "USD"), "< 0.01 USD");
        assert_eq!(money(12.345, "EUR"), "12.35 EUR");
        assert_eq!(money(1_234_567.8, "USD"), "1\u{202f}234\u{202f}567.80 USD");
    }

    #[test]
    fn distances_read_both_ways() {
        let now = at("2026-11-21T12:00:00Z");
        for (then, text) in [
            ("2026-11-21T12:00:03Z", "just now"),
            ("2026-11-21T11:59:55Z", "just now"),
            ("2026-11-21T11:59:15Z", "45 s ago"),
            ("2026-11-21T11:55:00Z", "5 min ago"),
            ("2026-11-20T12:00:00Z", "24 h ago"),
            ("2026-11-18T12:00:00Z", "3 days ago"),
            ("2026-11-24T12:00:00Z", "in 3 days"),
            ("2026-12-26T11:59:00Z", "in 35 days"),
            ("2026-11-28T11:00:00Z", "in 7 days"),
            ("2027-11-21T11:59:00Z", "in 12 months"),
            ("2031-11-21T11:00:00Z", "in 5 years"),
            ("2025-10-01T12:00:00Z", "13 months ago"),
            ("2020-11-01T12:00:00Z", "6 years ago"),
        ] {
            assert_eq!(relative(at(then), now), text, "{then}");
        }
    }

    #[test]
    fn moments_are_shown_to_the_second() {
        assert_eq!(
            utc(at("2026-11-21T03:18:43.987Z")),
            "2026-11-21 03:18:43 UTC"
        );
        assert_eq!(
            machine(at("2026-11-21T03:18:43.987Z")),
            "2026-11-21T03:18:43Z"
        );
        assert_eq!(
            local([2026, 11, 21, 4, 18, 43], 60),
            "2026-11-21 04:18:43 UTC+1"
        );
        assert_eq!(
            local([2026, 11, 20, 23, 48, 43], -210),
            "2026-11-20 23:48:43 UTC−3:30"
        );
    }

    #[test]
    fn runs_are_shown_with_their_day_in_their_zone() {
        assert_eq!(
            day_and_time(at("2026-11-21T03:18:43Z"), &TimeZone::UTC),
            "Sat 2026-11-21 03:18"
        );
        let minus = TimeZone::fixed(jiff::tz::offset(-5));
        assert_eq!(
            day_and_time(at("2026-11-21T03:18:43Z"), &minus),
            "Fri 2026-11-20 22:18"
        );
        assert_eq!(hours_and_minutes(305), "05:05");
    }

    #[test]
    fn date_and_time_fields_come_back_as_the_moment() {
        let moment = at("2026-11-21T03:18:43Z");
        let (date, time) = date_and_time(moment);
        assert_eq!((date.as_str(), time.as_str()), ("2026-11-21", "03:18:43"));
        assert_eq!(parse_date_and_time(&date, &time), Some(moment));
        assert_eq!(
            parse_date_and_time("2026-11-21", "03:18"),
            Some(at("2026-11-21T03:18:00Z"))
        );
        for (date, time) in [
            ("", ""),
            ("2026-13-01", "00:00"),
            ("2026-11-21", "25:00:00"),
            ("21.11.2026", "03:18"),
            ("2026-02-30", "00:00:00"),
        ] {
            assert_eq!(parse_date_and_time(date, time), None, "{date} {time}");
        }
    }
}
