//! Where the engine gets the time from.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// The time, and waiting for it.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The present time, in whole microseconds, which every store can keep.
    fn now(&self) -> Timestamp;

    /// Returns once it is `until` or later.
    async fn sleep_until(&self, until: Timestamp);
}

/// `time` later by `duration`, or the last time there is.
pub(crate) fn later(time: Timestamp, duration: SignedDuration) -> Timestamp {
    time.checked_add(duration).unwrap_or(Timestamp::MAX)
}

fn whole_microseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        whole_microseconds(Timestamp::now())
    }

    async fn sleep_until(&self, until: Timestamp) {
        let left = until.duration_since(self.now());
        if let Ok(left) = std::time::Duration::try_from(left) {
            tokio::time::sleep(left).await;
        }
    }
}

/// A clock that stands still until it is moved; for tests. Clones share the time.
#[derive(Clone, Debug)]
pub struct ManualClock {
    now: watch::Sender<Timestamp>,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn new(now: Timestamp) -> Self {
        Self {
            now: watch::Sender::new(whole_microseconds(now)),
        }
    }

    /// Moves the time forward.
    pub fn advance(&self, by: SignedDuration) {
        self.now.send_modify(|now| *now = later(*now, by));
    }

    /// Moves the time to `to`, never back.
    pub fn advance_to(&self, to: Timestamp) {
        self.now.send_modify(|now| *now = (*now).max(to));
    }
}

impl Default for ManualClock {
    /// A clock that shows some time in January 2027.
    fn default() -> Self {
        Self::new(Timestamp::constant(1_800_000_000, 0))
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn sleep_until(&self, until: Timestamp) {
        let mut now = self.now.subscribe();
        // The sender lives as long as `self`, so that waiting cannot fail.
        let _ = now.wait_for(|now| *now >= until).await;
    }
}
