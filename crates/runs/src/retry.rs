//! When a step that failed is tried again.

use jiff::{SignedDuration, Timestamp};

/// How long, and how far apart, a step is tried that fails in a way that may pass.
///
/// What may pass is waited for as long as it takes: an outage of a night must not end what a run has
/// under way, still less undo it. The pauses grow with the time for which it fails, so that a short
/// trouble is over soon and a long one costs little; an alarm tells people meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often in a row it may fail; none for as often as it takes, 1 is "never again".
    pub max_attempts: Option<u32>,
    /// The shortest pause.
    pub first_pause: SignedDuration,
    /// The longest pause on the first day; later pauses grow to an hour.
    pub longest_pause: SignedDuration,
    /// Failing for so long raises an alarm.
    pub alarm_after: SignedDuration,
}

/// The longest pause of all.
const AT_MOST: SignedDuration = SignedDuration::from_hours(1);

impl RetryPolicy {
    /// As long as it takes, from one second on: for every step that has nothing else to say.
    pub const STANDARD: Self = Self {
        max_attempts: None,
        first_pause: SignedDuration::from_secs(1),
        longest_pause: SignedDuration::from_mins(5),
        alarm_after: SignedDuration::from_mins(15),
    };
    /// Once.
    pub const NEVER: Self = Self {
        max_attempts: Some(1),
        ..Self::STANDARD
    };

    /// The same with an alarm after another time.
    #[must_use]
    pub const fn alarm_after(self, alarm_after: SignedDuration) -> Self {
        Self {
            alarm_after,
            ..self
        }
    }

    /// Whether a step that has failed so often in a row is tried again.
    pub fn allows(&self, failures: u32) -> bool {
        self.max_attempts.is_none_or(|most| failures < most)
    }

    /// The pause of a step that fails since `since`: a quarter of that time within the bounds, spread
    /// by a quarter either way by `seed`, so that runs which failed together do not come back
    /// together.
    pub fn pause(&self, since: Timestamp, now: Timestamp, seed: u64) -> SignedDuration {
        let failing = now.duration_since(since).max(SignedDuration::ZERO);
        let part = |of: i32| failing.checked_div(of).unwrap_or(SignedDuration::ZERO);
        let pause = part(4)
            .min(self.longest_pause)
            .max(part(48).min(AT_MOST))
            .max(self.first_pause);
        let spread = i32::try_from(seed % 512).unwrap_or(0);
        pause
            .checked_div(1024)
            .map_or(pause, |unit| unit.saturating_mul(768 + spread))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_with_the_time_for_which_it_fails() {
        let since = Timestamp::UNIX_EPOCH;
        let pause = |seconds: i64| {
            // 256 is the middle of the spread.
            let now = since + SignedDuration::from_secs(seconds);
            RetryPolicy::STANDARD
                .pause(since, now, 256)
                .as_secs_f64()
                .round()
        };
        assert!((pause(0) - 1.0).abs() < 0.1);
        assert!((pause(40) - 10.0).abs() < 2.0);
        assert!((pause(1_200) - 300.0).abs() < 2.0);
        assert!((pause(4 * 3_600) - 300.0).abs() < 2.0);
        assert!((pause(24 * 3_600) - 1_800.0).abs() < 2.0);
        assert!((pause(30 * 24 * 3_600) - 3_600.0).abs() < 2.0);
    }

    #[test]
    fn an_outage_of_a_month_costs_some_hundred_tries() {
        let since = Timestamp::UNIX_EPOCH;
        let (mut now, mut tries) = (since, 0_u64);
        while now < since + SignedDuration::from_hours(30 * 24) {
            now += RetryPolicy::STANDARD.pause(since, now, tries * 7);
            tries += 1;
        }
        assert!((700..1_100).contains(&tries), "{tries}");
    }

    #[test]
    fn only_what_is_limited_ends() {
        assert!(RetryPolicy::STANDARD.allows(u32::MAX));
        assert!(!RetryPolicy::NEVER.allows(1));
    }
}
