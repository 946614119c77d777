use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_runs::{
    Append, Appended, CancelRequest, ClaimRequest, Claimed, Creation, LeaseKey, MemoryRunStore,
    NewRun, Renewal, Run, RunCounts, RunEvent, RunFilter, RunId, RunPage, RunQuery, RunStore,
    StoreError,
};

use super::Line;

/// The store of runs over a line. It gives new runs ids that follow from the seed.
pub(crate) struct LinedRuns {
    line: Line,
    inner: Arc<MemoryRunStore>,
}

impl LinedRuns {
    /// The store behind a line.
    pub(crate) fn new(line: Line, inner: Arc<MemoryRunStore>) -> Self {
        Self { line, inner }
    }
}

#[async_trait]
impl RunStore for LinedRuns {
    async fn create(&self, mut new: NewRun) -> Result<Creation, StoreError> {
        new.id = self.line.oracle.next_id(new.created_at);
        let call = async {
            let first = new.first_event();
            let creation = self.inner.create(new).await?;
            if let Creation::Created(run) = &creation {
                self.line.oracle.created(run, &first);
            }
            Ok(creation)
        };
        self.line.pass("create", call).await
    }

    async fn get(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        self.line.pass("get", self.inner.get(id)).await
    }

    async fn claim(&self, request: &ClaimRequest) -> Result<Vec<Claimed>, StoreError> {
        self.line.pass("claim", self.inner.claim(request)).await
    }

    async fn next_due(&self, kinds: &[String]) -> Result<Option<Timestamp>, StoreError> {
        self.line.pass("next_due", self.inner.next_due(kinds)).await
    }

    async fn append(&self, append: Append) -> Result<Appended, StoreError> {
        let call = async {
            let (run, events) = (append.run, append.events.clone());
            let head = append.head.clone();
            let appended = self.inner.append(append).await?;
            self.line
                .oracle
                .appended(&self.line.process, run, &events, &head);
            Ok(appended)
        };
        self.line.pass("append", call).await
    }

    async fn renew(
        &self,
        leases: &[LeaseKey],
        until: Timestamp,
    ) -> Result<Vec<Renewal>, StoreError> {
        self.line
            .pass("renew", self.inner.renew(leases, until))
            .await
    }

    async fn release(&self, lease: &LeaseKey) -> Result<(), StoreError> {
        self.line.pass("release", self.inner.release(lease)).await
    }

    async fn request_cancel(&self, id: RunId, cancel: CancelRequest) -> Result<Run, StoreError> {
        let call = async {
            let run = self.inner.request_cancel(id, cancel).await?;
            self.line.oracle.cancelled(&run);
            Ok(run)
        };
        self.line.pass("request_cancel", call).await
    }

    async fn list(&self, query: &RunQuery) -> Result<RunPage, StoreError> {
        self.line.pass("list", self.inner.list(query)).await
    }

    async fn events_after(
        &self,
        id: RunId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RunEvent>, StoreError> {
        self.line
            .pass("events_after", self.inner.events_after(id, after, limit))
            .await
    }

    async fn counts(&self, filter: &RunFilter) -> Result<RunCounts, StoreError> {
        self.line.pass("counts", self.inner.counts(filter)).await
    }
}
