//! Items of runs.

mod add;
mod counts;
mod open;
mod page;
mod record;
mod row;
mod under_way;

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
use uuid::Uuid;

use crate::db::Db;

/// Rows per statement where many are written.
const CHUNK: usize = 250;

/// [`RunItems`] in SQL.
pub(crate) struct SqlItems(pub(crate) Db);

#[async_trait]
impl RunItems for SqlItems {
    async fn add(&self, list: Uuid, items: &[RunItem]) -> Result<(), StoreError> {
        add::add(&self.0, list, items).await
    }

    async fn open(
        &self,
        list: Uuid,
        limit: u16,
        except: &[Scope],
    ) -> Result<Vec<RunItem>, StoreError> {
        open::open(&self.0, list, limit, except).await
    }

    async fn under_way(
        &self,
        list: Uuid,
        after: Option<u32>,
        limit: u16,
    ) -> Result<Vec<RunItem>, StoreError> {
        under_way::under_way(&self.0, list, after, limit).await
    }

    async fn jobs_under_way(&self, list: Uuid) -> Result<BTreeMap<Scope, u64>, StoreError> {
        under_way::jobs_under_way(&self.0, list).await
    }

    async fn ask(&self, list: Uuid, numbers: &[u32], at: Timestamp) -> Result<(), StoreError> {
        open::ask(&self.0, list, numbers, at).await
    }

    async fn record(
        &self,
        list: Uuid,
        outcomes: &[ItemOutcome],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        record::record(&self.0, list, outcomes, at).await
    }

    async fn reopen(&self, list: Uuid) -> Result<u64, StoreError> {
        record::reopen(&self.0, list).await
    }

    async fn counts(&self, list: Uuid) -> Result<Vec<TargetCounts>, StoreError> {
        counts::counts(&self.0, list).await
    }

    async fn page(&self, list: Uuid, filter: &ItemFilter) -> Result<Page<RunItem>, StoreError> {
        page::page(&self.0, list, filter).await
    }
}
