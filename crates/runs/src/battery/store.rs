//! Stores that stand for a worker that dies or stalls.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    Append, Appended, CancelRequest, ClaimRequest, Claimed, Creation, Hold, LeaseKey, NewRun,
    Renewal, Run, RunCounts, RunEvent, RunFilter, RunId, RunPage, RunQuery, RunStore, RunView,
    StoreError,
};

/// Where the worker's connection to its store ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The event of this number is the last one that is written.
    After(u64),
    /// The event of this number is not written any more, though what it tells has happened.
    Before(u64),
    /// Everything is written, but leases are never prolonged: the worker has stalled.
    Stalled,
}

/// The store as a worker sees it that dies at a certain event: what the worker does afterwards
/// is not written, and it claims nothing more.
pub struct CutStore {
    inner: Arc<dyn RunStore>,
    cut: Cut,
    dead: AtomicBool,
}

impl CutStore {
    /// Cuts the way to `inner`.
    pub fn new(inner: Arc<dyn RunStore>, cut: Cut) -> Self {
        Self {
            inner,
            cut,
            dead: AtomicBool::new(false),
        }
    }

    /// Whether the event has come at which the worker dies.
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    /// Writes only the events up to `last`.
    async fn append_until(&self, mut append: Append, last: u64) -> Result<(), StoreError> {
        append.events.retain(|event| event.seq <= last);
        let Some(at) = append.events.last().map(|event| event.at) else {
            return Ok(());
        };
        let earlier = self.inner.events_after(append.run, 0, u32::MAX).await?;
        append.head = RunView::fold(earlier.iter().chain(&append.events)).head(at);
        append.hold = Hold::Keep;
        self.inner.append(append).await?;
        Ok(())
    }
}

#[async_trait]
impl RunStore for CutStore {
    async fn append(&self, append: Append) -> Result<Appended, StoreError> {
        let run = append.run;
        if self.is_dead() {
            return Err(StoreError::Fenced(run));
        }
        let last = match self.cut {
            Cut::After(last) => last,
            Cut::Before(first) => first.saturating_sub(1),
            Cut::Stalled => u64::MAX,
        };
        let reaches = |seq| append.events.iter().any(|event| event.seq >= seq);
        let cuts = match self.cut {
            Cut::After(last) => reaches(last),
            Cut::Before(first) => reaches(first),
            Cut::Stalled => false,
        };
        if !cuts {
            return self.inner.append(append).await;
        }
        self.dead.store(true, Ordering::SeqCst);
        self.append_until(append, last).await?;
        Err(StoreError::Fenced(run))
    }

    async fn claim(&self, request: &ClaimRequest) -> Result<Vec<Claimed>, StoreError> {
        if self.is_dead() {
            return Ok(Vec::new());
        }
        self.inner.claim(request).await
    }

    async fn renew(
        &self,
        leases: &[LeaseKey],
        until: Timestamp,
    ) -> Result<Vec<Renewal>, StoreError> {
        if self.cut == Cut::Stalled || self.is_dead() {
            return futures::future::pending().await;
        }
        self.inner.renew(leases, until).await
    }

    async fn release(&self, lease: &LeaseKey) -> Result<(), StoreError> {
        if self.is_dead() {
            return Ok(());
        }
        self.inner.release(lease).await
    }

    async fn create(&self, new: NewRun) -> Result<Creation, StoreError> {
        self.inner.create(new).await
    }

    async fn get(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        self.inner.get(id).await
    }

    async fn next_due(&self, kinds: &[String]) -> Result<Option<Timestamp>, StoreError> {
        self.inner.next_due(kinds).await
    }

    async fn request_cancel(&self, id: RunId, cancel: CancelRequest) -> Result<Run, StoreError> {
        self.inner.request_cancel(id, cancel).await
    }

    async fn list(&self, query: &RunQuery) -> Result<RunPage, StoreError> {
        self.inner.list(query).await
    }

    async fn events_after(
        &self,
        id: RunId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RunEvent>, StoreError> {
        self.inner.events_after(id, after, limit).await
    }

    async fn counts(&self, filter: &RunFilter) -> Result<RunCounts, StoreError> {
        self.inner.counts(filter).await
    }
}
