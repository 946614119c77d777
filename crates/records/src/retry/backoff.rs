use std::{sync::Arc, time::Duration};

use crate::ports::{Clock, PortError};

/// Pauses between attempts: each twice as long as the one before.
#[derive(Clone)]
pub struct Backoff {
    clock: Arc<dyn Clock>,
    /// How often in all.
    attempts: u32,
    /// The first pause.
    first: Duration,
    /// The longest pause.
    longest: Duration,
}

impl Backoff {
    /// Ten attempts, with pauses of 50 ms up to 10 s.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            attempts: 10,
            first: Duration::from_millis(50),
            longest: Duration::from_secs(10),
        }
    }

    /// The clock that it waits by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Waits before the attempt that follows `attempt` (from 1).
    pub async fn pause(&self, attempt: u32) {
        let factor = 1_u32 << attempt.saturating_sub(1).min(16);
        let pause = self.first.saturating_mul(factor).min(self.longest);
        self.clock.pause(pause).await;
    }

    /// Calls until it succeeds, fails for good, or has failed too often.
    pub async fn run<T, F, Fut>(&self, mut call: F) -> Result<T, PortError>
    where
        F: FnMut() -> Fut + Send,
        Fut: Future<Output = Result<T, PortError>> + Send,
    {
        let mut attempt = 1;
        loop {
            match call().await {
                Err(error) if error.is_retryable() && attempt < self.attempts => {
                    self.pause(attempt).await;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }
}
