use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// The clock of the simulated AWS: wall time plus an offset that only grows.
///
/// Clones share the offset, so moving one moves all.
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
}
