//! A store in memory: the fake for tests, and the reference for what a store does.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::runs::{CancelRequest, Lease, Run, RunEvent, RunId, RunState};

use super::{
    Append, Appended, ClaimRequest, Claimed, Creation, Fence, Hold, LeaseKey, NewRun, Renewal,
    RunCounts, RunFilter, RunPage, RunQuery, RunStore, StoreError,
};

/// Keeps runs in memory; they are gone with the process.
#[derive(Debug, Default)]
pub struct MemoryRunStore {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    rows: BTreeMap<RunId, Row>,
    keys: HashMap<(String, String), RunId>,
    /// Runs that have not ended, by the moment from which they are claimable.
    due: BTreeSet<(Timestamp, RunId)>,
}

#[derive(Debug)]
struct Row {
    run: Run,
    events: Vec<RunEvent>,
}

impl MemoryRunStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The moment from which the run is claimable, if nothing else happens.
fn due_at(run: &Run) -> Option<Timestamp> {
    if run.head.state.is_terminal() {
        return None;
    }
    let wanted = if run.cancel_pending() {
        Timestamp::MIN
    } else {
        run.head.wake_at?
    };
    Some(
        run.lease
            .as_ref()
            .map_or(wanted, |lease| lease.expires_at.max(wanted)),
    )
}

fn pending(run: &Run) -> Option<CancelRequest> {
    run.cancel_pending().then(|| run.cancel.clone()).flatten()
}

fn holds(run: &Run, key: &LeaseKey) -> bool {
    run.lease_epoch == key.epoch
        && run
            .lease
            .as_ref()
            .is_some_and(|lease| lease.owner == key.owner)
}

impl Inner {
    /// Changes a row and keeps the index of due runs right.
    fn change<T>(
        &mut self,
        id: RunId,
        change: impl FnOnce(&mut Row) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let row = self.rows.get_mut(&id).ok_or(StoreError::NotFound(id))?;
        if let Some(due) = due_at(&row.run) {
            self.due.remove(&(due, id));
        }
        let changed = change(row);
        if let Some(due) = due_at(&row.run) {
            self.due.insert((due, id));
        }
        changed
    }

    fn in_progress(&self, now: Timestamp) -> InProgress {
        let mut counts = InProgress::default();
        for Row { run, .. } in self.rows.values() {
            let leased = run.lease.as_ref().is_some_and(|l| l.expires_at > now);
            if run.head.state.is_in_progress() || (run.head.state == RunState::Queued && leased) {
                counts.add(run);
            }
        }
        counts
    }
}

#[derive(Default)]
struct InProgress {
    creators: HashMap<String, u32>,
    accounts: HashMap<String, u32>,
}

impl InProgress {
    fn add(&mut self, run: &Run) {
        *self.creators.entry(run.creator.clone()).or_default() += 1;
        if let Some(account) = &run.labels.account {
            *self.accounts.entry(account.clone()).or_default() += 1;
        }
    }

    fn allows(&self, run: &Run, request: &ClaimRequest) -> bool {
        if run.head.state != RunState::Queued {
            return true;
        }
        let below = |cap: Option<u32>, count: Option<&u32>| {
            cap.is_none_or(|cap| count.copied().unwrap_or(0) < cap)
        };
        let account = run.labels.account.as_ref();
        below(request.per_creator, self.creators.get(&run.creator))
            && (account.is_none()
                || below(
                    request.per_account,
                    account.and_then(|account| self.accounts.get(account)),
                ))
    }
}

#[async_trait]
impl RunStore for MemoryRunStore {
    async fn create(&self, new: NewRun) -> Result<Creation, StoreError> {
        let mut inner = self.lock();
        if let Some(key) = &new.idempotency_key {
            let key = (new.creator.clone(), key.clone());
            if let Some(row) = inner.keys.get(&key).and_then(|id| inner.rows.get(id)) {
                return Ok(Creation::Existing(row.run.clone()));
            }
            inner.keys.insert(key, new.id);
        }
        let run = new.to_run();
        if let Some(due) = due_at(&run) {
            inner.due.insert((due, run.id));
        }
        let row = Row {
            run: run.clone(),
            events: vec![new.first_event()],
        };
        if inner.rows.insert(run.id, row).is_some() {
            return Err(StoreError::Invalid(format!("run {} exists", run.id)));
        }
        Ok(Creation::Created(run))
    }

    async fn get(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        Ok(self.lock().rows.get(&id).map(|row| row.run.clone()))
    }

    async fn claim(&self, request: &ClaimRequest) -> Result<Vec<Claimed>, StoreError> {
        let mut inner = self.lock();
        let capped = request.per_creator.is_some() || request.per_account.is_some();
        let mut counts = if capped {
            inner.in_progress(request.now)
        } else {
            InProgress::default()
        };
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        let mut chosen = Vec::new();
        for (_, id) in inner.due.iter().take_while(|(due, _)| *due <= request.now) {
            if chosen.len() == limit {
                break;
            }
            let Some(Row { run, .. }) = inner.rows.get(id) else {
                continue;
            };
            if request.kinds.contains(&run.kind) && counts.allows(run, request) {
                if capped && run.head.state == RunState::Queued {
                    counts.add(run);
                }
                chosen.push(*id);
            }
        }
        chosen
            .into_iter()
            .map(|id| {
                inner.change(id, |row| {
                    row.run.lease_epoch += 1;
                    row.run.lease = Some(Lease {
                        owner: request.owner.clone(),
                        expires_at: request.until,
                    });
                    Ok(Claimed {
                        run: row.run.clone(),
                        events: row.events.clone(),
                    })
                })
            })
            .collect()
    }

    async fn next_due(&self, kinds: &[String]) -> Result<Option<Timestamp>, StoreError> {
        let inner = self.lock();
        Ok(inner
            .due
            .iter()
            .find(|(_, id)| {
                inner
                    .rows
                    .get(id)
                    .is_some_and(|row| kinds.contains(&row.run.kind))
            })
            .map(|(due, _)| *due))
    }

    async fn append(&self, append: Append) -> Result<Appended, StoreError> {
        let numbered = (append.expected_seq + 1..).zip(&append.events);
        if numbered.into_iter().any(|(seq, event)| event.seq != seq) {
            return Err(StoreError::Invalid(format!(
                "the events for run {} are not numbered from {}",
                append.run,
                append.expected_seq + 1
            )));
        }
        self.lock().change(append.run, |row| {
            let run = &mut row.run;
            let allowed = match &append.fence {
                Fence::Lease(key) => holds(run, key),
                Fence::Unleased => run.lease.is_none(),
            };
            if !allowed || run.seq != append.expected_seq || run.head.state.is_terminal() {
                return Err(StoreError::Fenced(run.id));
            }
            if let Some(last) = append.events.last() {
                run.seq = last.seq;
            }
            run.head = append.head;
            if append.hold == Hold::Release || run.head.state.is_terminal() {
                run.lease = None;
            }
            row.events.extend(append.events);
            Ok(Appended {
                seq: row.run.seq,
                cancel: pending(&row.run),
            })
        })
    }

    async fn renew(
        &self,
        leases: &[LeaseKey],
        until: Timestamp,
    ) -> Result<Vec<Renewal>, StoreError> {
        let mut inner = self.lock();
        Ok(leases
            .iter()
            .map(|key| {
                inner
                    .change(key.run, |Row { run, .. }| {
                        if !holds(run, key) {
                            return Ok(Renewal::Lost);
                        }
                        if let Some(lease) = &mut run.lease {
                            lease.expires_at = until;
                        }
                        Ok(Renewal::Renewed {
                            cancel: pending(run),
                        })
                    })
                    .unwrap_or(Renewal::Lost)
            })
            .collect())
    }

    async fn release(&self, key: &LeaseKey) -> Result<(), StoreError> {
        self.lock().change(key.run, |Row { run, .. }| {
            if holds(run, key) {
                run.lease = None;
            }
            Ok(())
        })
    }

    async fn request_cancel(&self, id: RunId, cancel: CancelRequest) -> Result<Run, StoreError> {
        self.lock().change(id, |Row { run, .. }| {
            if !run.head.state.is_terminal() {
                run.cancel.get_or_insert(cancel);
            }
            Ok(run.clone())
        })
    }

    async fn list(&self, query: &RunQuery) -> Result<RunPage, StoreError> {
        let inner = self.lock();
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let mut matching = inner
            .rows
            .values()
            .rev()
            .map(|row| &row.run)
            .filter(|run| query.before.is_none_or(|before| run.id < before))
            .filter(|run| query.filter.matches(run));
        let runs: Vec<Run> = matching.by_ref().take(limit).cloned().collect();
        let next = matching
            .next()
            .and_then(|_| runs.last().map(|last| last.id));
        Ok(RunPage { runs, next })
    }

    async fn events_after(
        &self,
        id: RunId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RunEvent>, StoreError> {
        let inner = self.lock();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(inner
            .rows
            .get(&id)
            .map(|row| {
                let newer = row.events.iter().filter(|event| event.seq > after);
                newer.take(limit).cloned().collect()
            })
            .unwrap_or_default())
    }

    async fn counts(&self, filter: &RunFilter) -> Result<RunCounts, StoreError> {
        let mut counts = RunCounts::default();
        for row in self.lock().rows.values() {
            if filter.matches(&row.run) {
                *counts.by_state.entry(row.run.head.state).or_default() += 1;
            }
        }
        Ok(counts)
    }
}
