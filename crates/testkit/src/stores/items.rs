use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::{
    Page, Scope,
    change::{ItemFilter, ItemState, RunItem, TargetCounts},
};
use tidemark_services::{
    error::StoreError,
    ports::{ItemOutcome, RunItems},
};
use uuid::Uuid;

use super::page;

type Lists = BTreeMap<Uuid, Vec<RunItem>>;

/// Items of runs in memory. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct FakeRunItems(Arc<Mutex<Lists>>);

impl FakeRunItems {
    fn lock(&self) -> MutexGuard<'_, Lists> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every list that was written.
    pub fn lists(&self) -> Vec<Uuid> {
        self.lock().keys().copied().collect()
    }
}

#[async_trait]
impl RunItems for FakeRunItems {
    async fn add(&self, list: Uuid, items: &[RunItem]) -> Result<(), StoreError> {
        self.lock().entry(list).or_insert_with(|| items.to_vec());
        Ok(())
    }

    async fn open(
        &self,
        list: Uuid,
        limit: u16,
        except: &[Scope],
    ) -> Result<Vec<RunItem>, StoreError> {
        let lists = self.lock();
        let items = lists.get(&list).map(Vec::as_slice).unwrap_or_default();
        let of = |state: ItemState| {
            items.iter().filter(move |item| {
                item.state == state
                    && item.job.is_none()
                    && !except
                        .iter()
                        .any(|scope| scope.account == item.account && scope.region == item.region)
            })
        };
        Ok(of(ItemState::Asked)
            .chain(of(ItemState::Pending))
            .take(usize::from(limit))
            .cloned()
            .collect())
    }

    async fn under_way(
        &self,
        list: Uuid,
        after: Option<u32>,
        limit: u16,
    ) -> Result<Vec<RunItem>, StoreError> {
        let lists = self.lock();
        let items = lists.get(&list).map(Vec::as_slice).unwrap_or_default();
        Ok(items
            .iter()
            .filter(|item| item.state == ItemState::Asked && item.job.is_some())
            .filter(|item| after.is_none_or(|after| item.number > after))
            .take(usize::from(limit))
            .cloned()
            .collect())
    }

    async fn jobs_under_way(&self, list: Uuid) -> Result<BTreeMap<Scope, u64>, StoreError> {
        let lists = self.lock();
        let mut counts = BTreeMap::new();
        for item in lists.get(&list).map(Vec::as_slice).unwrap_or_default() {
            if item.state == ItemState::Asked && item.job.is_some() {
                let scope = Scope {
                    account: item.account.clone(),
                    region: item.region.clone(),
                };
                *counts.entry(scope).or_insert(0) += 1;
            }
        }
        Ok(counts)
    }

    async fn ask(&self, list: Uuid, numbers: &[u32], at: Timestamp) -> Result<(), StoreError> {
        let mut lists = self.lock();
        for item in lists.entry(list).or_default() {
            if item.state == ItemState::Pending && numbers.contains(&item.number) {
                item.state = ItemState::Asked;
                item.at = Some(at);
            }
        }
        Ok(())
    }

    async fn record(
        &self,
        list: Uuid,
        outcomes: &[ItemOutcome],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut lists = self.lock();
        for item in lists.entry(list).or_default() {
            let outcome = outcomes.iter().find(|o| o.number == item.number);
            if let Some(outcome) = outcome.filter(|_| item.state != ItemState::Done) {
                item.state = outcome.state;
                item.message.clone_from(&outcome.message);
                item.request_id.clone_from(&outcome.request_id);
                item.at = Some(at);
                item.made.clone_from(&outcome.made);
                if outcome.job.is_some() {
                    item.job.clone_from(&outcome.job);
                }
            }
        }
        Ok(())
    }

    async fn reopen(&self, list: Uuid) -> Result<u64, StoreError> {
        let mut lists = self.lock();
        let mut number = 0;
        for item in lists.entry(list).or_default() {
            if item.state == ItemState::Failed {
                item.state = ItemState::Pending;
                item.message = None;
                item.request_id = None;
                item.job = None;
                item.attempt += 1;
                number += 1;
            }
        }
        Ok(number)
    }

    async fn counts(&self, list: Uuid) -> Result<Vec<TargetCounts>, StoreError> {
        let lists = self.lock();
        let mut targets = BTreeMap::new();
        for item in lists.get(&list).map(Vec::as_slice).unwrap_or_default() {
            let key = (
                item.account.clone(),
                item.region.clone(),
                item.vault.clone(),
            );
            let counts = targets.entry(key).or_insert_with(|| TargetCounts {
                account: item.account.clone(),
                region: item.region.clone(),
                vault: item.vault.clone(),
                pending: 0,
                asked: 0,
                done: 0,
                left: 0,
                failed: 0,
                bytes_done: 0,
            });
            match item.state {
                ItemState::Pending => counts.pending += 1,
                ItemState::Asked => counts.asked += 1,
                ItemState::Done => {
                    counts.done += 1;
                    counts.bytes_done += item.size_bytes.unwrap_or(0);
                }
                ItemState::Left => counts.left += 1,
                ItemState::Failed => counts.failed += 1,
            }
        }
        Ok(targets.into_values().collect())
    }

    async fn page(&self, list: Uuid, filter: &ItemFilter) -> Result<Page<RunItem>, StoreError> {
        let lists = self.lock();
        let items: Vec<RunItem> = lists
            .get(&list)
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .filter(|item| filter.state.is_none_or(|state| state == item.state))
            .cloned()
            .collect();
        let limit = usize::from(filter.limit.unwrap_or(50).clamp(1, 1000));
        page(&items, filter.cursor.as_deref(), limit)
    }
}
