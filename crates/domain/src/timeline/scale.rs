use jiff::Timestamp;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Lengths of a column in milliseconds. From ten minutes on each is a multiple of one of the lengths
/// by which the catalogue keeps totals.
const LADDER: [i64; 26] = [
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    20 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    4 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    91 * DAY,
    182 * DAY,
    364 * DAY,
];

/// The columns of a drawing: all of one length, beginning at multiples of it since 1970, so that
/// marks keep their places while a view is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Milliseconds per column.
    pub step: i64,
    /// Where the first column begins, in milliseconds since 1970.
    pub from: i64,
    /// Where the last column ends.
    pub until: i64,
}

impl Columns {
    /// The finest columns of which at most `most` cover the time between two moments. With fewer
    /// than two columns there is no such length: two are taken.
    pub fn covering(from: Timestamp, until: Timestamp, most: u16) -> Self {
        let (from, until) = (from.as_millisecond(), until.as_millisecond());
        let until = until.max(from + 1);
        let most = i64::from(most.max(2));
        let on = |step: i64| Self {
            step,
            from: from.div_euclid(step) * step,
            until: (until - 1).div_euclid(step) * step + step,
        };
        let fits = |columns: &Self| (columns.until - columns.from) / columns.step <= most;
        let longest = LADDER[LADDER.len() - 1];
        LADDER.into_iter().map(on).find(fits).unwrap_or_else(|| {
            // At least one more than the quotient: the ends fall into columns of their own.
            let times = (until - from) / longest / (most - 1) + 1;
            on(longest * times)
        })
    }

    /// The beginning of the column that holds a moment.
    pub fn start_of(&self, millisecond: i64) -> i64 {
        millisecond.div_euclid(self.step) * self.step
    }

    /// First and last moment; those that no calendar holds are cut.
    pub fn range(&self) -> (Timestamp, Timestamp) {
        let at = |millisecond: i64, or: Timestamp| {
            Timestamp::from_millisecond(millisecond).unwrap_or(or)
        };
        (
            at(self.from, Timestamp::MIN),
            at(self.until, Timestamp::MAX),
        )
    }
}

/// Where a moment falls between two others, 0 to 1; outside moments are clamped.
#[expect(
    clippy::cast_precision_loss,
    reason = "a screen has a few thousand columns; seconds of centuries fit an f64"
)]
pub fn position(at: Timestamp, from: Timestamp, until: Timestamp) -> f64 {
    let span = (until.as_second() - from.as_second()).max(1) as f64;
    (((at.as_second() - from.as_second()) as f64) / span).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn five_weeks_on_forty_columns_are_days() {
        let columns = Columns::covering(at("2026-01-05T13:00:00Z"), at("2026-02-09T13:00:00Z"), 40);
        assert_eq!(columns.step, DAY);
        assert_eq!(
            columns.range(),
            (at("2026-01-05T00:00:00Z"), at("2026-02-10T00:00:00Z"))
        );
    }

    #[test]
    fn moving_a_view_leaves_its_columns_where_they_are() {
        let one = Columns::covering(at("2026-01-05T13:00:00Z"), at("2026-01-06T13:00:00Z"), 100);
        let two = Columns::covering(at("2026-01-05T15:20:00Z"), at("2026-01-06T15:20:00Z"), 100);
        assert_eq!(one.step, two.step);
        assert_eq!(one.start_of(two.from), two.from);
    }

    proptest! {
        #[test]
        fn columns_cover_the_time_and_are_no_more_than_asked_for(
            from in -30_000_000_000_000_i64..30_000_000_000_000, span in 1_i64..60_000_000_000_000,
            most in 2_u16..4001,
        ) {
            let (first, last) = (
                Timestamp::from_millisecond(from).unwrap(),
                Timestamp::from_millisecond(from + span).unwrap(),
            );
            let columns = Columns::covering(first, last, most);
            prop_assert!(columns.from <= from && columns.until >= from + span);
            prop_assert_eq!((columns.until - columns.from) % columns.step, 0);
            prop_assert!((columns.until - columns.from) / columns.step <= i64::from(most));
            prop_assert_eq!(columns.start_of(from), columns.from);
        }
    }
}
