use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// A clock that stands still until a test moves it. Clones share the time.
#[derive(Clone, Debug)]
pub struct TestClock(watch::Sender<Timestamp>);

impl TestClock {
    /// A clock that shows this moment.
    pub fn at(now: Timestamp) -> Self {
        Self(watch::Sender::new(now))
    }

    /// A clock that shows seconds since 1970.
    pub fn at_second(second: i64) -> Self {
        Self::at(Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// The moment shown.
    pub fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    /// Moves the clock; a negative duration moves it back.
    pub fn advance(&self, by: SignedDuration) {
        self.0.send_modify(|now| *now += by);
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        self.0.send_replace(now);
    }
}

impl Default for TestClock {
    /// 2026-01-15, 12:00 UTC.
    fn default() -> Self {
        Self::at_second(1_768_478_400)
    }
}

#[async_trait::async_trait]
impl tidemark_runs::Clock for TestClock {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }

    async fn sleep_until(&self, until: Timestamp) {
        let mut now = self.0.subscribe();
        // The sender lives as long as `self`, so that waiting cannot fail.
        let _ = now.wait_for(|now| *now >= until).await;
    }
}
