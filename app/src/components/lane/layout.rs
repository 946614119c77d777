//! Where things fall on a lane. Pure geometry, in percent of the lane's width, so that the drawing
//! needs neither script nor inline styles to fit any screen.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use tidemark_domain::timeline::position;

/// A place on the lane, as an SVG length: `34.25%`.
pub(super) fn percent(fraction: f64) -> String {
    format!("{:.2}%", fraction * 100.0)
}

/// The place of a moment.
pub(super) fn place(at: Timestamp, from: Timestamp, until: Timestamp) -> String {
    percent(position(at, from, until))
}

/// Places for marks, in their order: where they belong, but at least `gap` apart, so that each can
/// be told from its neighbours and hit. With at most `1 / gap` marks none moves by more than `gap`
/// from where its run of neighbours belongs.
pub(super) fn spread(exact: &[f64], gap: f64) -> Vec<f64> {
    let mut places = exact.to_vec();
    for at in 1..places.len() {
        places[at] = places[at].max(places[at - 1] + gap);
    }
    let mut limit = 1.0;
    for place in places.iter_mut().rev() {
        *place = place.min(limit);
        limit = *place - gap;
    }
    places
}

/// The part of a window that the lane shows, as start and width; none when it shows nothing of it.
pub(super) fn stretch(
    window: (Timestamp, Timestamp),
    from: Timestamp,
    until: Timestamp,
) -> Option<(String, String)> {
    if window.1 < from || window.0 > until {
        return None;
    }
    let (left, right) = (
        position(window.0, from, until),
        position(window.1, from, until),
    );
    // A window of seconds on a lane of years is still to be seen.
    let width = (right - left).max(0.002);
    Some((percent(left.min(1.0 - width)), percent(width)))
}

/// A line of the scale and its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    pub(crate) at: Timestamp,
    pub(crate) label: String,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Steps of the scale in seconds; from a month on, months are counted by the calendar.
const STEPS: [i64; 14] = [
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    MONTH,
    YEAR,
];
const MONTH: i64 = 30 * DAY;
const YEAR: i64 = 365 * DAY;

/// At most `most` lines at round moments of UTC.
pub(crate) fn ticks(from: Timestamp, until: Timestamp, most: i64) -> Vec<Tick> {
    let span = until.as_second() - from.as_second();
    let step = STEPS
        .into_iter()
        .find(|step| span / step <= most)
        .unwrap_or(YEAR);
    if step >= MONTH {
        return calendar_ticks(from, until, span / most.max(1));
    }
    let first = from.as_second().div_euclid(step) + 1;
    let end = until.as_second().div_euclid(step);
    (first..=end)
        .map(|n| n * step)
        .filter(|second| *second < until.as_second())
        .filter_map(|second| Timestamp::from_second(second).ok())
        .map(|at| Tick {
            at,
            label: label(at, step),
        })
        .collect()
}

fn calendar_ticks(from: Timestamp, until: Timestamp, spacing: i64) -> Vec<Tick> {
    let months = [1, 2, 3, 6, 12, 24, 60]
        .into_iter()
        .find(|months| months * MONTH >= spacing)
        .unwrap_or(120);
    let start = civil(from);
    let mut index = i64::from(start.year()) * 12 + i64::from(start.month());
    index += (months - index.rem_euclid(months)) % months;
    let mut ticks = Vec::new();
    while ticks.len() < 100 {
        let Some(at) = month_start(index) else { break };
        if at >= until {
            break;
        }
        if at > from {
            let date = civil(at);
            let label = if date.month() == 1 {
                date.year().to_string()
            } else {
                MONTHS[usize::from(date.month().unsigned_abs()) - 1].to_owned()
            };
            ticks.push(Tick { at, label });
        }
        index += months;
    }
    ticks
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn month_start(index: i64) -> Option<Timestamp> {
    let year = i16::try_from(index.div_euclid(12)).ok()?;
    let month = i8::try_from(index.rem_euclid(12)).ok()? + 1;
    let date = DateTime::new(year, month, 1, 0, 0, 0, 0).ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn civil(at: Timestamp) -> DateTime {
    at.to_zoned(TimeZone::UTC).datetime()
}

fn label(at: Timestamp, step: i64) -> String {
    let date = civil(at);
    let day = || {
        format!(
            "{} {}",
            date.day(),
            MONTHS[usize::from(date.month().unsigned_abs()) - 1]
        )
    };
    if step >= DAY || (date.hour() == 0 && date.minute() == 0) {
        day()
    } else {
        format!("{:02}:{:02}", date.hour(), date.minute())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn labels(from: &str, until: &str, most: i64) -> Vec<String> {
        ticks(at(from), at(until), most)
            .into_iter()
            .map(|t| t.label)
            .collect()
    }

    #[test]
    fn moments_fall_in_proportion_and_outside_ones_on_the_edge() {
        let (from, until) = (at("2026-01-01T00:00:00Z"), at("2026-01-05T00:00:00Z"));
        assert_eq!(place(at("2026-01-02T00:00:00Z"), from, until), "25.00%");
        assert_eq!(place(at("2025-01-02T00:00:00Z"), from, until), "0.00%");
        assert_eq!(place(at("2027-01-02T00:00:00Z"), from, until), "100.00%");
    }

    #[test]
    fn crowded_marks_move_apart_and_lone_ones_stay() {
        let near = |found: Vec<f64>, expected: &[f64]| {
            assert_eq!(found.len(), expected.len());
            for (a, b) in found.iter().zip(expected) {
                assert!((a - b).abs() < 1e-9, "{found:?}");
            }
        };
        near(spread(&[], 0.1), &[]);
        near(spread(&[0.1, 0.5], 0.1), &[0.1, 0.5]);
        near(spread(&[0.50, 0.51, 0.52], 0.1), &[0.5, 0.6, 0.7]);
        near(spread(&[0.97, 0.98, 1.0], 0.1), &[0.8, 0.9, 1.0]);
    }

    #[test]
    fn a_window_is_cut_to_what_is_shown_and_never_vanishes() {
        let (from, until) = (at("2026-01-01T00:00:00Z"), at("2026-01-05T00:00:00Z"));
        let window = |a: &str, b: &str| stretch((at(a), at(b)), from, until);
        assert_eq!(
            window("2025-12-01T00:00:00Z", "2026-01-02T00:00:00Z"),
            Some(("0.00%".into(), "25.00%".into()))
        );
        assert_eq!(
            window("2026-01-05T00:00:00Z", "2026-02-02T00:00:00Z"),
            Some(("99.80%".into(), "0.20%".into()))
        );
        assert_eq!(window("2025-01-01T00:00:00Z", "2025-02-02T00:00:00Z"), None);
    }

    #[test]
    fn the_scale_is_round_at_every_zoom() {
        assert_eq!(
            labels("2026-01-01T10:02:00Z", "2026-01-01T10:05:30Z", 8),
            ["10:03", "10:04", "10:05"]
        );
        assert_eq!(
            labels("2026-01-01T20:30:00Z", "2026-01-02T05:00:00Z", 5),
            ["21:00", "2 Jan", "03:00"]
        );
        assert_eq!(
            labels("2026-01-30T12:00:00Z", "2026-02-02T12:00:00Z", 8),
            ["31 Jan", "12:00", "1 Feb", "12:00", "2 Feb"]
        );
        assert_eq!(
            labels("2025-11-15T00:00:00Z", "2026-11-15T00:00:00Z", 6),
            ["2026", "Apr", "Jul", "Oct"]
        );
    }

    #[test]
    fn no_zoom_has_more_lines_than_asked_for() {
        let from = at("2026-01-01T00:00:07Z");
        for seconds in [60, 3_600, 86_400, 864_000, 35 * DAY, 400 * DAY, 4_000 * DAY] {
            let until = Timestamp::from_second(from.as_second() + seconds).unwrap();
            let lines = ticks(from, until, 6);
            assert!(lines.len() <= 7, "{seconds}: {}", lines.len());
            assert!(lines.iter().all(|t| t.at > from && t.at < until));
        }
    }
}
