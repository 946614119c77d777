use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::{
    Arn, Page, Scope,
    change::{ItemFilter, ItemState, RunItem, TargetCounts},
};
use uuid::Uuid;

use crate::error::StoreError;

/// What became of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemOutcome {
    /// Its place in the list.
    pub number: u32,
    /// Where it stands now.
    pub state: ItemState,
    /// Why, or what AWS said.
    pub message: Option<String>,
    /// AWS's request id, where an answer failed.
    pub request_id: Option<String>,
    /// The job that AWS does it by; none leaves the one that is known.
    pub job: Option<String>,
    /// What was made.
    pub made: Option<Arn>,
}

/// What runs do one by one, and what became of each.
///
/// A list is written before its run is asked for. It outlives the run: a run that is begun again with
/// the same parameters goes on where the one before ended.
#[async_trait]
pub trait RunItems: Send + Sync {
    /// Writes a list, all or nothing. A list that is there already stays as it is.
    async fn add(&self, list: Uuid, items: &[RunItem]) -> Result<(), StoreError>;

    /// The next items to work on, by number: those that were asked for first, since a worker went
    /// away with their answers, then those that are pending; none of the scopes `except`. An item whose job is named is not
    /// among them.
    async fn open(
        &self,
        list: Uuid,
        limit: u16,
        except: &[Scope],
    ) -> Result<Vec<RunItem>, StoreError>;

    /// Items whose job is named and has not ended, by number, after the number `after`.
    async fn under_way(
        &self,
        list: Uuid,
        after: Option<u32>,
        limit: u16,
    ) -> Result<Vec<RunItem>, StoreError>;

    /// How many of those each account and Region has.
    async fn jobs_under_way(&self, list: Uuid) -> Result<BTreeMap<Scope, u64>, StoreError>;

    /// Writes that AWS is being asked, before it is.
    async fn ask(&self, list: Uuid, numbers: &[u32], at: Timestamp) -> Result<(), StoreError>;

    /// Writes what became of items; one that is done stays done.
    async fn record(
        &self,
        list: Uuid,
        outcomes: &[ItemOutcome],
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Makes the items that failed pending again, without their jobs, as the next attempt; answers how many there were.
    async fn reopen(&self, list: Uuid) -> Result<u64, StoreError>;

    /// How the items of each vault stand, by account, Region and vault.
    async fn counts(&self, list: Uuid) -> Result<Vec<TargetCounts>, StoreError>;

    /// A page of items, by number.
    async fn page(&self, list: Uuid, filter: &ItemFilter) -> Result<Page<RunItem>, StoreError>;
}
