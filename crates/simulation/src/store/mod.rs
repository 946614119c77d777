//! The stores as one process sees them: slow, at times away, and at times silent about what they
//! wrote.

mod audit;
mod items;
mod runs;
mod starts;

pub(crate) use audit::LinedAudit;
pub(crate) use items::LinedItems;
pub(crate) use runs::LinedRuns;
pub(crate) use starts::LinedStarts;

use jiff::SignedDuration;
use tidemark_runs::StoreError;
use tidemark_services::error::StoreError as ServiceStoreError;

use crate::{
    dice::Dice,
    oracle::Oracle,
    profile::Profile,
    time::{TrueTime, wait},
    trace::Trace,
    weather::Weather,
};

/// The line between one process and its database.
#[derive(Clone)]
pub(crate) struct Line {
    /// The process.
    pub(crate) process: String,
    /// The profile.
    pub(crate) profile: Profile,
    /// What is in trouble.
    pub(crate) weather: Weather,
    /// Chance.
    pub(crate) dice: Dice,
    /// Time.
    pub(crate) time: TrueTime,
    /// The trace.
    pub(crate) trace: Trace,
    /// Who judges.
    pub(crate) oracle: Oracle,
}

impl Line {
    /// Passes a call. It fails before its effect, after it, or not.
    async fn pass<T, E: From<Silence>>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        let moment = (
            SignedDuration::from_millis(1),
            SignedDuration::from_millis(9),
        );
        wait(self.dice.duration(moment.0, moment.1)).await;
        let is_calm = self.weather.is_calm();
        let away = self.weather.store_is_away();
        if away || (!is_calm && self.dice.chance(self.profile.failing_writes)) {
            self.say(operation, "is not available");
            return Err(Silence.into());
        }
        let answer = call.await;
        wait(self.dice.duration(moment.0, moment.1)).await;
        if answer.is_ok() && !is_calm && self.dice.chance(self.profile.lost_writes) {
            self.say(operation, "has written and does not answer");
            return Err(Silence.into());
        }
        answer
    }

    fn say(&self, operation: &str, what: &str) {
        self.trace.say(self.time.elapsed(), || {
            format!("{} store {operation}: {what}", self.process)
        });
    }
}

/// The store does not answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection to the database was lost")]
pub(crate) struct Silence;

impl From<Silence> for StoreError {
    fn from(silence: Silence) -> Self {
        Self::unavailable(silence)
    }
}

impl From<Silence> for ServiceStoreError {
    fn from(silence: Silence) -> Self {
        Self::Database(Box::new(silence))
    }
}
