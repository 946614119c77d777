//! The port to where runs and their logs are kept.

mod append;
mod claim;
mod create;
mod error;
mod memory;
mod query;

pub use append::{Append, Appended, Fence, Hold, LeaseKey, Renewal};
pub use claim::{ClaimRequest, Claimed};
pub use create::{Creation, NewRun};
pub use error::StoreError;
pub use memory::MemoryRunStore;
pub use query::{RunCounts, RunFilter, RunPage, RunQuery};

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::runs::{CancelRequest, Run, RunEvent, RunId};

/// Keeps runs and their append-only logs. Every method is atomic by itself; none needs a
/// transaction that outlives its call. [`crate::contract`] is the suite that any implementation
/// passes.
///
/// A run is **claimable** at `now` when it has not ended, no lease on it is live
/// (`lease` is none, or `expires_at <= now`), and either a cancel is pending
/// ([`Run::cancel_pending`]) or `head.wake_at` is present and `<= now`. A run that waits for an
/// approval has no wake time, so only a cancel makes it claimable. An SQL store does well to keep
/// this moment in one indexed column.
#[async_trait]
pub trait RunStore: Send + Sync + 'static {
    /// Writes a run and its first event (number 1). With an idempotency key that the same creator
    /// has used before, writes nothing and gives the earlier run.
    async fn create(&self, new: NewRun) -> Result<Creation, StoreError>;

    /// The run, or none.
    async fn get(&self, id: RunId) -> Result<Option<Run>, StoreError>;

    /// Takes up to `limit` claimable runs, those that wait the longest first, and sets their
    /// lease; each comes with its whole log. Two callers never get the same run: rows that
    /// another caller is taking are skipped, not waited for.
    async fn claim(&self, request: &ClaimRequest) -> Result<Vec<Claimed>, StoreError>;

    /// The earliest time at which a run of one of `kinds` is or becomes claimable, if nothing else
    /// happens; caps are not considered.
    async fn next_due(&self, kinds: &[String]) -> Result<Option<Timestamp>, StoreError>;

    /// Appends events and replaces the head, or changes nothing and says [`StoreError::Fenced`]:
    /// when the lease is not the run's present one, when the log has grown past `expected_seq`,
    /// or when the run has ended. A lease that is past its expiry but that nobody has taken over
    /// still counts.
    async fn append(&self, append: Append) -> Result<Appended, StoreError>;

    /// Prolongs leases to `until`, each by itself; the answers are in the order of `leases`. A
    /// lease that is past its expiry but that nobody has taken over is prolonged.
    async fn renew(
        &self,
        leases: &[LeaseKey],
        until: Timestamp,
    ) -> Result<Vec<Renewal>, StoreError>;

    /// Gives a lease back without an event, so that another worker can take the run at once (or
    /// at its wake time). A lease that is no longer the present one is left alone.
    async fn release(&self, lease: &LeaseKey) -> Result<(), StoreError>;

    /// Notes that a person wants the run to stop, which makes it claimable if nobody holds it.
    /// The first request stays; a run that has ended is left alone. Gives the run as it then is,
    /// or [`StoreError::NotFound`].
    async fn request_cancel(&self, id: RunId, cancel: CancelRequest) -> Result<Run, StoreError>;

    /// Runs that pass the filter, newest (largest id) first.
    async fn list(&self, query: &RunQuery) -> Result<RunPage, StoreError>;

    /// Up to `limit` events with a number above `after`, in order; empty for an unknown run.
    async fn events_after(
        &self,
        id: RunId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RunEvent>, StoreError>;

    /// How many runs that pass the filter are in which state.
    async fn counts(&self, filter: &RunFilter) -> Result<RunCounts, StoreError>;
}
