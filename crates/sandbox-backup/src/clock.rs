use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// The clock of the simulated AWS: wall time plus an offset that only grows.
///
/// Clones share the offset, so moving one moves all. A history is made by setting the clock back before
/// anything happens, and by letting it catch up while things happen.
#[derive(Clone, Debug, Default)]
pub struct SimClock {
    offset_ms: Arc<AtomicI64>,
}

impl SimClock {
    /// A clock that shows wall time until it is moved.
    pub fn new() -> Self {
        Self::default()
    }

    /// The simulated moment.
    pub fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_millis(self.offset_ms.load(Ordering::Acquire))
    }

    /// Moves the clock forward; negative durations are ignored, since AWS's time never runs back.
    pub fn advance(&self, by: SignedDuration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX).max(0);
        self.offset_ms.fetch_add(ms, Ordering::AcqRel);
    }

    /// Sets the clock back by `by`, for making a history. Only before anything has happened: services take
    /// it that time does not run back.
    pub fn set_back(&self, by: SignedDuration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX).max(0);
        self.offset_ms.fetch_sub(ms, Ordering::AcqRel);
    }

    /// Moves a clock that was set back forward to `moment`, at most to wall time.
    pub fn catch_up_to(&self, moment: Timestamp) {
        let wanted = moment.as_millisecond() - Timestamp::now().as_millisecond();
        self.offset_ms.fetch_max(wanted.min(0), Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(clock: &SimClock) -> i64 {
        Timestamp::now().duration_since(clock.now()).as_secs()
    }

    #[test]
    fn the_clock_moves_forward_only() {
        let clock = SimClock::new();
        clock.clone().advance(SignedDuration::from_hours(10));
        clock.advance(SignedDuration::from_hours(-5));
        assert_eq!((behind(&clock) + 5) / 3_600, -9);
    }

    #[test]
    fn a_clock_that_was_set_back_catches_up_to_wall_time_and_no_further() {
        let clock = SimClock::new();
        clock.set_back(SignedDuration::from_hours(100));
        assert!((359_999..=360_001).contains(&behind(&clock)));
        clock.catch_up_to(Timestamp::now() - SignedDuration::from_hours(1));
        assert!((3_599..=3_601).contains(&behind(&clock)));
        clock.catch_up_to(Timestamp::now() - SignedDuration::from_hours(50));
        assert!((3_599..=3_601).contains(&behind(&clock)));
        clock.catch_up_to(Timestamp::now() + SignedDuration::from_hours(1));
        assert!(behind(&clock).abs() <= 1);
    }
}
