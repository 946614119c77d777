use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_runs::Clock;
use tidemark_sandbox::SimClock;

/// How soon one who sleeps sees that the clock was moved.
const LOOK: Duration = Duration::from_millis(250);

/// The clock of the simulated AWS as the console's: whoever moves the one moves the other, as time
/// passes for both in the world.
pub(super) struct DemoClock(SimClock);

impl DemoClock {
    pub(super) fn new(clock: SimClock) -> Self {
        Self(clock)
    }
}

#[async_trait]
impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        let now = self.0.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    async fn sleep_until(&self, until: Timestamp) {
        loop {
            let left = Duration::try_from(until.duration_since(self.now())).unwrap_or_default();
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LOOK)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::SignedDuration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_who_sleeps_wakes_when_the_simulated_time_is_moved() {
        let simulated = SimClock::new();
        let clock = Arc::new(DemoClock::new(simulated.clone()));
        let until = clock.now() + SignedDuration::from_hours(24);
        let sleeper = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move { clock.sleep_until(until).await }
        });
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        simulated.advance(SignedDuration::from_hours(25));
        assert!(sleeper.await.is_ok());
        assert!(clock.now() >= until);
    }
}
