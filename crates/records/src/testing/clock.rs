use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::ports::Clock;

/// A clock that stands still until it is moved; a pause moves it. Clones share the time.
#[derive(Clone, Debug)]
pub struct StillClock(Arc<Mutex<Timestamp>>);

impl StillClock {
    /// A clock that shows `now`.
    pub fn new(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Moves the time forward.
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add(by).unwrap_or(Timestamp::MAX);
    }
}

impl Default for StillClock {
    /// A clock that shows some time in January 2027.
    fn default() -> Self {
        Self::new(Timestamp::constant(1_800_000_000, 0))
    }
}

#[async_trait]
impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pause(&self, duration: Duration) {
        self.advance(duration);
        tokio::task::yield_now().await;
    }
}
