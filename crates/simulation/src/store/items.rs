use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::{
    Page, Scope,
    change::{ItemFilter, RunItem, TargetCounts},
};
use tidemark_services::{
    error::StoreError,
    ports::{ItemOutcome, RunItems},
};
use tidemark_testkit::FakeRunItems;
use uuid::Uuid;

use super::Line;

/// The items of runs over a line.
pub(crate) struct LinedItems {
    line: Line,
    inner: FakeRunItems,
}

impl LinedItems {
    /// The items behind a line.
    pub(crate) fn new(line: Line, inner: FakeRunItems) -> Self {
        Self { line, inner }
    }
}

#[async_trait]
impl RunItems for LinedItems {
    async fn add(&self, list: Uuid, items: &[RunItem]) -> Result<(), StoreError> {
        self.line
            .pass("items add", self.inner.add(list, items))
            .await
    }

    async fn open(
        &self,
        list: Uuid,
        limit: u16,
        except: &[Scope],
    ) -> Result<Vec<RunItem>, StoreError> {
        self.line
            .pass("items open", self.inner.open(list, limit, except))
            .await
    }

    async fn under_way(
        &self,
        list: Uuid,
        after: Option<u32>,
        limit: u16,
    ) -> Result<Vec<RunItem>, StoreError> {
        self.line
            .pass("items under way", self.inner.under_way(list, after, limit))
            .await
    }

    async fn jobs_under_way(&self, list: Uuid) -> Result<BTreeMap<Scope, u64>, StoreError> {
        self.line
            .pass("items jobs under way", self.inner.jobs_under_way(list))
            .await
    }

    async fn ask(&self, list: Uuid, numbers: &[u32], at: Timestamp) -> Result<(), StoreError> {
        self.line
            .pass("items ask", self.inner.ask(list, numbers, at))
            .await
    }

    async fn record(
        &self,
        list: Uuid,
        outcomes: &[ItemOutcome],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.line
            .pass("items record", self.inner.record(list, outcomes, at))
            .await
    }

    async fn reopen(&self, list: Uuid) -> Result<u64, StoreError> {
        self.line
            .pass("items reopen", self.inner.reopen(list))
            .await
    }

    async fn counts(&self, list: Uuid) -> Result<Vec<TargetCounts>, StoreError> {
        self.line
            .pass("items counts", self.inner.counts(list))
            .await
    }

    async fn page(&self, list: Uuid, filter: &ItemFilter) -> Result<Page<RunItem>, StoreError> {
        self.line
            .pass("items page", self.inner.page(list, filter))
            .await
    }
}
