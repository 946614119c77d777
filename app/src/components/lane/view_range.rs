//! The stretch of time that a hydrated timeline shows, and how it moves. In milliseconds as floating
//! point numbers, since it moves by pixels.

use jiff::Timestamp;

/// No view is shorter.
const SHORTEST: f64 = 10_000.0;

/// No view is longer: 40 years.
const LONGEST: f64 = 40.0 * 365.25 * 86_400_000.0;

/// First and last moment of a view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct View {
    pub(super) from: f64,
    pub(super) until: f64,
}

impl View {
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of centuries fit an f64"
    )]
    pub(super) fn of(from: Timestamp, until: Timestamp) -> Self {
        Self {
            from: from.as_millisecond() as f64,
            until: until.as_millisecond() as f64,
        }
    }

    pub(super) fn span(self) -> f64 {
        self.until - self.from
    }

    /// The moment at a part of the width.
    pub(super) fn at(self, fraction: f64) -> f64 {
        self.from + self.span() * fraction
    }

    /// The part of the width at which a moment is.
    pub(super) fn fraction(self, at: f64) -> f64 {
        (at - self.from) / self.span()
    }

    /// Moved by a part of its length.
    pub(super) fn moved(self, by: f64) -> Self {
        let by = self.span() * by;
        Self {
            from: self.from + by,
            until: self.until + by,
        }
        .within_calendar()
    }

    /// So many times as long, with the moment staying where it is.
    pub(super) fn zoomed(self, times: f64, around: f64) -> Self {
        let span = (self.span() * times).clamp(SHORTEST, LONGEST);
        let fraction = self.fraction(around);
        let from = around - span * fraction;
        Self {
            from,
            until: from + span,
        }
        .within_calendar()
    }

    /// Between two moments in either order.
    pub(super) fn between(one: f64, other: f64) -> Self {
        let (from, until) = (one.min(other), one.max(other));
        let middle = f64::midpoint(from, until);
        let half = (until - from).clamp(SHORTEST, LONGEST) / 2.0;
        Self {
            from: middle - half,
            until: middle + half,
        }
        .within_calendar()
    }

    /// Widened on both sides by so many of its lengths: what is loaded at once.
    pub(super) fn widened(self, by: f64) -> Self {
        Self {
            from: self.from - self.span() * by,
            until: self.until + self.span() * by,
        }
        .within_calendar()
    }

    /// So that it reaches a moment, as long as it is.
    pub(super) fn reaching(self, at: f64) -> Self {
        if at < self.from {
            self.moved((at - self.from) / self.span() - 0.1)
        } else if at > self.until {
            self.moved((at - self.until) / self.span() + 0.1)
        } else {
            self
        }
    }

    pub(super) fn covers(self, other: Self) -> bool {
        self.from <= other.from && self.until >= other.until
    }

    /// As moments, to the second.
    pub(super) fn moments(self) -> (Timestamp, Timestamp) {
        (moment(self.from), moment(self.until))
    }

    /// Between the years 1970 and 2500: nothing is backed up elsewhere, and no calendar ends there.
    fn within_calendar(self) -> Self {
        const LAST: f64 = 530.0 * 365.25 * 86_400_000.0;
        let by = if self.from < 0.0 {
            -self.from
        } else if self.until > LAST {
            LAST - self.until
        } else {
            0.0
        };
        Self {
            from: self.from + by,
            until: self.until + by,
        }
    }
}

/// The moment, to the second.
#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds of centuries fit an i64"
)]
pub(super) fn moment(at: f64) -> Timestamp {
    Timestamp::from_second((at / 1000.0).round() as i64).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: View = View {
        from: 1_000_000_000.0,
        until: 1_100_000_000.0,
    };

    fn near(one: f64, other: f64) {
        assert!((one - other).abs() < 1.0, "{one} is not {other}");
    }

    #[test]
    fn zooming_keeps_the_moment_below_the_pointer() {
        let at = VIEW.at(0.25);
        for times in [0.5, 0.1, 2.0, 100.0] {
            let zoomed = VIEW.zoomed(times, at);
            near(zoomed.span(), VIEW.span() * times);
            if zoomed.from > 0.0 {
                near(zoomed.at(0.25), at);
            }
        }
    }

    #[test]
    fn no_view_is_shorter_than_seconds_or_longer_than_lives() {
        near(VIEW.zoomed(0.0, VIEW.from).span(), SHORTEST);
        near(VIEW.zoomed(1e9, VIEW.from).span(), LONGEST);
        near(View::between(5e9, 5e9).span(), SHORTEST);
        assert!(VIEW.zoomed(1e9, VIEW.from).from >= 0.0);
    }

    #[test]
    fn a_view_follows_the_cursor() {
        let after = VIEW.reaching(1_200_000_000.0);
        near(after.span(), VIEW.span());
        assert!(after.fraction(1_200_000_000.0) < 1.0);
        assert_eq!(VIEW.reaching(1_050_000_000.0), VIEW);
    }
}
