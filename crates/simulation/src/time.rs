//! Simulated time: tokio's clock stands still and jumps to the next moment at which anything happens.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_runs::Clock;
use tidemark_testkit::{TestClock, build};
use tokio::time::Instant;

/// The true time, which is AWS's. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct TrueTime {
    began: Instant,
    aws: TestClock,
}

impl TrueTime {
    /// Begins now, inside a runtime with a paused clock.
    pub(crate) fn start() -> Self {
        Self {
            began: Instant::now(),
            aws: TestClock::at(build::moment()),
        }
    }

    /// The clock of the simulated AWS. It shows the time of the last [`TrueTime::now`].
    pub(crate) fn aws(&self) -> &TestClock {
        &self.aws
    }

    /// How long the world has existed.
    pub(crate) fn elapsed(&self) -> SignedDuration {
        SignedDuration::try_from(self.began.elapsed()).unwrap_or(SignedDuration::MAX)
    }

    /// The moment.
    pub(crate) fn now(&self) -> Timestamp {
        let now = whole_microseconds(build::moment() + self.elapsed());
        self.aws.set(now);
        now
    }

    /// A clock that shows the true time until it is moved.
    pub(crate) fn process_clock(&self) -> ProcessClock {
        ProcessClock {
            time: self.clone(),
            ahead: Arc::default(),
        }
    }
}

fn whole_microseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

/// Waits, as true time has it.
pub(crate) async fn wait(duration: SignedDuration) {
    if let Ok(duration) = Duration::try_from(duration) {
        tokio::time::sleep(duration).await;
    }
}

/// The clock of one machine, which may be wrong. As on a machine, a wait lasts as long as it was
/// asked for, also when the clock is moved meanwhile.
#[derive(Clone, Debug)]
pub(crate) struct ProcessClock {
    time: TrueTime,
    ahead: Arc<Mutex<SignedDuration>>,
}

impl ProcessClock {
    /// Sets by how much the clock is ahead of true time.
    pub(crate) fn set_ahead(&self, by: SignedDuration) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = by;
    }
}

#[async_trait]
impl Clock for ProcessClock {
    fn now(&self) -> Timestamp {
        let ahead = *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        self.time.now().checked_add(ahead).unwrap_or(Timestamp::MAX)
    }

    async fn sleep_until(&self, until: Timestamp) {
        wait(until.duration_since(self.now())).await;
    }
}
