use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;

/// Answers the present moment.
type Moments = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The time of a clock that is handed in, and real waiting.
#[derive(Clone)]
pub struct WallClock(Moments);

impl WallClock {
    /// A clock that shows what `moments` answers.
    pub fn new(moments: Moments) -> Self {
        Self(moments)
    }
}

#[async_trait]
impl tidemark_records::ports::Clock for WallClock {
    fn now(&self) -> Timestamp {
        (self.0)()
    }

    async fn pause(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
