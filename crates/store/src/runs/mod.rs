//! Runs and their logs.

mod append;
mod cancel;
mod caps;
mod claim;
mod counts;
mod create;
mod events;
mod filter;
mod get;
mod lease;
mod list;
mod next_due;
mod row;
mod start;
mod together;

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_runs::{
    Append, Appended, CancelRequest, ClaimRequest, Claimed, Creation, LeaseKey, NewRun, Renewal,
    Run, RunCounts, RunEvent, RunFilter, RunId, RunPage, RunQuery, RunStore,
    StoreError as RunStoreError,
};
use tidemark_services::{
    Pulse,
    audit::AuditEntry,
    error::StoreError,
    ports::{RunKeys, RunStarted, RunStarts},
};

pub(crate) use self::together::Together;
use crate::db::Db;

/// [`RunStore`] in SQL.
pub(crate) struct SqlRuns(pub(crate) Db, pub(crate) Together, pub(crate) Pulse);

/// What the database reports, as the run engine words it.
fn failed(error: StoreError) -> RunStoreError {
    match error {
        StoreError::Database(source) => RunStoreError::Unavailable(source),
        error @ StoreError::Unavailable { .. } => RunStoreError::unavailable(error),
        other => RunStoreError::Invalid(other.to_string()),
    }
}

/// A moment as the tables of runs hold it: as fine as the engine's clock.
fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

fn time(micros: i64) -> Result<Timestamp, RunStoreError> {
    Timestamp::from_microsecond(micros).map_err(RunStoreError::corrupt)
}

#[async_trait]
impl RunStore for SqlRuns {
    async fn create(&self, new: NewRun) -> Result<Creation, RunStoreError> {
        create::create(&self.0, &new).await
    }

    async fn get(&self, id: RunId) -> Result<Option<Run>, RunStoreError> {
        get::get(&self.0, id).await
    }

    async fn claim(&self, request: &ClaimRequest) -> Result<Vec<Claimed>, RunStoreError> {
        let claimed = claim::claim(&self.0, request).await;
        self.2.beat();
        claimed
    }

    async fn next_due(&self, kinds: &[String]) -> Result<Option<Timestamp>, RunStoreError> {
        next_due::next_due(&self.0, kinds).await
    }

    async fn append(&self, append: Append) -> Result<Appended, RunStoreError> {
        append::append(&self.0, &self.1, append).await
    }

    async fn renew(
        &self,
        leases: &[LeaseKey],
        until: Timestamp,
    ) -> Result<Vec<Renewal>, RunStoreError> {
        let renewed = lease::renew(&self.0, leases, until).await;
        self.2.beat();
        renewed
    }

    async fn release(&self, lease: &LeaseKey) -> Result<(), RunStoreError> {
        lease::release(&self.0, lease).await
    }

    async fn request_cancel(&self, id: RunId, cancel: CancelRequest) -> Result<Run, RunStoreError> {
        cancel::request_cancel(&self.0, id, &cancel).await
    }

    async fn list(&self, query: &RunQuery) -> Result<RunPage, RunStoreError> {
        list::list(&self.0, query).await
    }

    async fn events_after(
        &self,
        id: RunId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RunEvent>, RunStoreError> {
        events::events_after(&self.0, id, after, limit).await
    }

    async fn counts(&self, filter: &RunFilter) -> Result<RunCounts, RunStoreError> {
        counts::counts(&self.0, filter).await
    }
}

#[async_trait]
impl RunStarts for SqlRuns {
    async fn repeated(&self, keys: &RunKeys) -> Result<Option<RunId>, StoreError> {
        start::repeated(&self.0, keys).await
    }

    async fn start(
        &self,
        new: &NewRun,
        keys: &RunKeys,
        entry: &AuditEntry,
    ) -> Result<RunStarted, StoreError> {
        start::start(&self.0, new, keys, entry).await
    }
}
