use std::{
    collections::{HashMap, HashSet, VecDeque},
    convert::Infallible,
    sync::Arc,
    time::Duration,
};

use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{Account, Region, Scope};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, sleep, timeout},
};
use uuid::Uuid;

use super::{scope::too_slow, sync_scope};
use crate::{Pulse, ServiceError, Services, StoreError, accounts, ports::SyncTurn};

/// How often a worker looks whose turn it is, and what other processes ask for, at most.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How often the roles of a new account are looked for: IAM shows what was made within seconds, mostly.
const AWAIT_EVERY: Duration = Duration::from_secs(15);

/// How often a new external id is tried.
const ROTATE_EVERY: Duration = Duration::from_mins(1);

/// How often and how wide the sync worker works.
#[derive(Clone, Copy, Debug)]
pub struct SyncConfig {
    /// How long after a scope was read, by whichever process, its next turn comes.
    pub every: Duration,
    /// Scopes read at once.
    pub concurrency: usize,
    /// Longest time for one scope.
    pub deadline: Duration,
    /// How long a process that is not heard of keeps others from a scope.
    pub lease: Duration,
}

impl Default for SyncConfig {
    fn default() -> Self {
        Self {
            every: Duration::from_mins(5),
            concurrency: 20,
            deadline: Duration::from_mins(2),
            lease: Duration::from_secs(30),
        }
    }
}

/// Reads each scope as its turn comes, and those that are asked for at once. Any number of workers share the scopes: each is
/// read by one of them.
pub struct SyncWorker {
    services: Arc<Services>,
    config: SyncConfig,
    reader: String,
    pulse: Pulse,
}

impl SyncWorker {
    /// A worker; it does nothing until it runs.
    pub fn new(services: Arc<Services>, config: SyncConfig) -> Self {
        Self {
            services,
            config,
            reader: Uuid::new_v4().to_string(),
            pulse: Pulse::default(),
        }
    }

    /// Beats whenever the worker has looked for something to do.
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// Works until `stop` turns true. A slow scope holds its own place only: others go on beside it.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut look = tokio::time::interval(LOOK_EVERY.min(self.config.every));
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pending = Pending::default();
        let mut running: JoinSet<()> = JoinSet::new();
        let mut readings: HashMap<tokio::task::Id, Scope> = HashMap::new();
        while !*stop.borrow() {
            while running.len() < self.config.concurrency
                && let Some(work) = pending.next()
            {
                let scope = scope_of(&work.account, &work.region);
                let started = running.spawn(self.reading(work).read());
                readings.insert(started.id(), scope);
            }
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { return },
                Some(ended) = running.join_next_with_id() => {
                    let id = match ended {
                        Ok((id, ())) => id,
                        Err(error) => {
                            tracing::error!(%error, "the reading of a scope broke off; its next turn comes");
                            error.id()
                        }
                    };
                    if let Some(scope) = readings.remove(&id) {
                        pending.done(&scope);
                    }
                }
                _ = look.tick() => self.look(&mut pending).await,
                () = self.services.sync.requested() => self.look(&mut pending).await,
            }
        }
    }

    /// Reads every scope once, or just those wanted, and returns when all are done. What another process is reading is left
    /// to it.
    pub async fn round(&self, wanted: Option<Vec<Scope>>) {
        let work = self.known(wanted).await;
        stream::iter(work)
            .for_each_concurrent(self.config.concurrency, |work| self.reading(work).read())
            .await;
    }

    /// Puts those whose turn it is in line, and those that are asked for.
    async fn look(&self, pending: &mut Pending) {
        let asked = self.services.sync.take();
        if !asked.is_empty() {
            pending.extend(self.known(Some(asked)).await);
        }
        let now = self.services.clock.now();
        let turn = self.turn(now, Some(earlier(now, self.config.every)));
        match self.services.catalogue.due_syncs(&turn).await {
            Ok(due) if due.is_empty() => {}
            Ok(due) => {
                let known = self.known(Some(due)).await;
                pending.extend(known.into_iter().map(|work| Work {
                    in_turn: true,
                    turn: earlier(now, self.config.every),
                    ..work
                }));
            }
            Err(error) => unlisted(&error),
        }
        pending.extend(self.awaited(now).await);
        self.pulse.beat();
    }

    /// What is tried again before its turn, since somebody waits for it: the Regions of accounts whose roles are
    /// just being made, and of those that a new external id waits to get into.
    async fn awaited(&self, now: Timestamp) -> Vec<Work> {
        let registered = match self.services.accounts.list().await {
            Ok(registered) => registered,
            Err(error) => {
                unlisted(&error);
                return Vec::new();
            }
        };
        let mut works = Vec::new();
        for account in registered {
            let rotates = account.pending.is_some();
            if !rotates && now >= account.awaited_until() {
                continue;
            }
            let id = account.connection.account.clone();
            let states = match self.services.catalogue.scopes(Some(&id)).await {
                Ok(states) => states,
                Err(error) => {
                    unlisted(&error);
                    continue;
                }
            };
            if !rotates && !accounts::is_awaited(&account, &states, now) {
                continue;
            }
            let before = earlier(now, if rotates { ROTATE_EVERY } else { AWAIT_EVERY });
            let due = accounts::scopes_of(&account, &states)
                .into_iter()
                .filter(|state| state.last_attempt.is_some_and(|at| at <= before))
                // One Region tells whether a new external id gets in.
                .take(if rotates { 1 } else { usize::MAX });
            for state in due {
                works.push(Work {
                    account: account.clone(),
                    region: state.scope.region,
                    turn: before,
                    in_turn: true,
                });
            }
        }
        works
    }

    /// What is registered, or those of it that are wanted.
    async fn known(&self, wanted: Option<Vec<Scope>>) -> Vec<Work> {
        let accounts = match self.services.accounts.list().await {
            Ok(accounts) => accounts,
            Err(error) => {
                unlisted(&error);
                return Vec::new();
            }
        };
        match wanted {
            None => accounts
                .into_iter()
                .flat_map(|account| {
                    let regions = account.regions.clone();
                    regions.into_iter().map(move |region| Work {
                        account: account.clone(),
                        region,
                        in_turn: false,
                        turn: Timestamp::MIN,
                    })
                })
                .collect(),
            Some(wanted) => only(accounts, wanted),
        }
    }

    fn turn(&self, at: Timestamp, tried_before: Option<Timestamp>) -> SyncTurn {
        SyncTurn {
            reader: self.reader.clone(),
            at,
            until: later(at, self.config.lease),
            tried_before,
        }
    }

    fn reading(&self, work: Work) -> Reading {
        Reading {
            services: Arc::clone(&self.services),
            config: self.config,
            reader: self.reader.clone(),
            work,
        }
    }
}

/// A scope to read.
struct Work {
    account: Account,
    region: Region,
    /// Only if its turn has not passed meanwhile: another process may have been faster.
    in_turn: bool,
    /// Its turn passes by a reading since then.
    turn: Timestamp,
}

/// One scope being read.
struct Reading {
    services: Arc<Services>,
    config: SyncConfig,
    reader: String,
    work: Work,
}

impl Reading {
    async fn read(self) {
        let scope = scope_of(&self.work.account, &self.work.region);
        if let Err(error) = self.take_and_read(&scope).await {
            tracing::error!(
                account = %scope.account, region = %scope.region,
                error = &error as &dyn std::error::Error,
                "a sync could not be stored"
            );
        }
    }

    async fn take_and_read(&self, scope: &Scope) -> Result<(), ServiceError> {
        let now = self.services.clock.now();
        let turn = SyncTurn {
            reader: self.reader.clone(),
            at: now,
            until: later(now, self.config.lease),
            tried_before: self.work.in_turn.then_some(self.work.turn),
        };
        if !self.services.catalogue.claim_sync(scope, &turn).await? {
            if !self.work.in_turn {
                // Who reads it began before it was asked for.
                let asked = std::slice::from_ref(scope);
                self.services.catalogue.want_sync(asked, now).await?;
            }
            return Ok(());
        }
        let read = sync_scope(&self.services, &self.work.account, &self.work.region);
        let read = async {
            tokio::select! {
                read = read => read,
                never = self.keep(scope) => match never {},
            }
        };
        if let Ok(read) = timeout(self.config.deadline, read).await {
            return read;
        }
        let error = too_slow("reading the scope", self.config.deadline.as_secs());
        let now = self.services.clock.now();
        self.services
            .catalogue
            .fail_sync(scope, &error, now)
            .await?;
        Ok(())
    }

    /// Keeps others from the scope as long as it is read.
    async fn keep(&self, scope: &Scope) -> Infallible {
        loop {
            sleep(self.config.lease / 3).await;
            let until = later(self.services.clock.now(), self.config.lease);
            let kept = self
                .services
                .catalogue
                .keep_sync(scope, &self.reader, until);
            if let Err(error) = kept.await {
                // Another process may read it too: that costs calls and harms nothing.
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "a scope's turn could not be prolonged"
                );
            }
        }
    }
}

/// Scopes that wait for a place, each once, and those that have one.
#[derive(Default)]
struct Pending {
    waiting: VecDeque<Work>,
    queued: HashSet<Scope>,
    running: HashSet<Scope>,
}

impl Pending {
    fn extend(&mut self, works: impl IntoIterator<Item = Work>) {
        for work in works {
            let scope = scope_of(&work.account, &work.region);
            // One that is being read is due again only when it is asked for.
            let is_read = work.in_turn && self.running.contains(&scope);
            if !is_read && self.queued.insert(scope) {
                self.waiting.push_back(work);
            }
        }
    }

    /// The next scope that is not being read; one that is stays queued for another reading.
    fn next(&mut self) -> Option<Work> {
        let index = self.waiting.iter().position(|work| {
            !self
                .running
                .contains(&scope_of(&work.account, &work.region))
        })?;
        let work = self.waiting.remove(index)?;
        let scope = scope_of(&work.account, &work.region);
        self.queued.remove(&scope);
        self.running.insert(scope);
        Some(work)
    }

    fn done(&mut self, scope: &Scope) {
        self.running.remove(scope);
    }
}

fn scope_of(account: &Account, region: &Region) -> Scope {
    Scope {
        account: account.connection.account.clone(),
        region: region.clone(),
    }
}

fn only(accounts: Vec<Account>, wanted: Vec<Scope>) -> Vec<Work> {
    let accounts: HashMap<_, _> = accounts
        .into_iter()
        .map(|a| (a.connection.account.clone(), a))
        .collect();
    wanted
        .into_iter()
        .filter_map(|scope| {
            accounts.get(&scope.account).map(|account| Work {
                account: account.clone(),
                region: scope.region,
                in_turn: false,
                turn: Timestamp::MIN,
            })
        })
        .collect()
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn earlier(now: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    now.checked_sub(by).unwrap_or(Timestamp::MIN)
}

fn unlisted(error: &StoreError) {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "what is to be read could not be listed for the sync"
    );
}
