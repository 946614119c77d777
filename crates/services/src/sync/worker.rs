use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use futures::{
    StreamExt,
    stream::{self, FuturesUnordered},
};
use tidemark_domain::{Account, Region, Scope};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, timeout},
};

use super::{scope::too_slow, sync_scope};
use crate::Services;

/// How often and how wide the sync worker works.
#[derive(Clone, Copy, Debug)]
pub struct SyncConfig {
    /// Pause between two rounds over all scopes.
    pub every: Duration,
    /// Scopes read at once.
    pub concurrency: usize,
    /// Longest time for one scope.
    pub deadline: Duration,
}

impl Default for SyncConfig {
    fn default() -> Self {
        Self {
            every: Duration::from_mins(5),
            concurrency: 20,
            deadline: Duration::from_mins(2),
        }
    }
}

/// Reads all scopes round after round, and those asked for by the queue at once.
pub struct SyncWorker {
    services: Arc<Services>,
    config: SyncConfig,
}

impl SyncWorker {
    /// A worker; it does nothing until it runs.
    pub fn new(services: Arc<Services>, config: SyncConfig) -> Self {
        Self { services, config }
    }

    /// Works until `stop` turns true. A slow scope holds its own place only: rounds and requests go
    /// on beside it.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut round = tokio::time::interval(self.config.every);
        round.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pending = Pending::default();
        let mut running = FuturesUnordered::new();
        while !*stop.borrow() {
            while running.len() < self.config.concurrency
                && let Some((account, region)) = pending.next()
            {
                running.push(self.one(account, region));
            }
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { return },
                Some(scope) = running.next() => pending.done(&scope),
                _ = round.tick() => pending.extend(self.scopes(None).await),
                () = self.services.sync.requested() => {
                    let wanted = self.services.sync.take();
                    pending.extend(self.scopes(Some(wanted)).await);
                }
            }
        }
    }

    /// Reads every scope once, or just those wanted, and returns when all are done.
    pub async fn round(&self, wanted: Option<Vec<Scope>>) {
        let work = self.scopes(wanted).await;
        stream::iter(work)
            .for_each_concurrent(self.config.concurrency, |(account, region)| async move {
                self.one(account, region).await;
            })
            .await;
    }

    async fn scopes(&self, wanted: Option<Vec<Scope>>) -> Vec<(Account, Region)> {
        let accounts = match self.services.accounts.list().await {
            Ok(accounts) => accounts,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the accounts could not be listed for the sync"
                );
                return Vec::new();
            }
        };
        match wanted {
            None => accounts
                .into_iter()
                .flat_map(|a| {
                    let regions = a.regions.clone();
                    regions.into_iter().map(move |r| (a.clone(), r))
                })
                .collect(),
            Some(wanted) => only(accounts, wanted),
        }
    }

    async fn one(&self, account: Account, region: Region) -> Scope {
        let scope = scope_of(&account, &region);
        let work = sync_scope(&self.services, &account, &region);
        let result = if let Ok(result) = timeout(self.config.deadline, work).await {
            result
        } else {
            let error = too_slow(self.config.deadline.as_secs());
            self.services
                .catalogue
                .fail_sync(&scope, &error, self.services.clock.now())
                .await
                .map_err(Into::into)
        };
        if let Err(error) = result {
            tracing::error!(
                account = %account.connection.account, %region,
                error = &error as &dyn std::error::Error,
                "a sync could not be stored"
            );
        }
        scope
    }
}

/// Scopes that wait for a place, each once, and those that have one.
#[derive(Default)]
struct Pending {
    waiting: VecDeque<(Account, Region)>,
    queued: HashSet<Scope>,
    running: HashSet<Scope>,
}

impl Pending {
    fn extend(&mut self, scopes: Vec<(Account, Region)>) {
        for (account, region) in scopes {
            let scope = scope_of(&account, &region);
            if self.queued.insert(scope) {
                self.waiting.push_back((account, region));
            }
        }
    }

    /// The next scope that is not being read; one that is stays queued for another reading.
    fn next(&mut self) -> Option<(Account, Region)> {
        let index = self
            .waiting
            .iter()
            .position(|(account, region)| !self.running.contains(&scope_of(account, region)))?;
        let (account, region) = self.waiting.remove(index)?;
        let scope = scope_of(&account, &region);
        self.queued.remove(&scope);
        self.running.insert(scope);
        Some((account, region))
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

fn only(accounts: Vec<Account>, wanted: Vec<Scope>) -> Vec<(Account, Region)> {
    let accounts: HashMap<_, _> = accounts
        .into_iter()
        .map(|a| (a.connection.account.clone(), a))
        .collect();
    wanted
        .into_iter()
        .filter_map(|scope| {
            accounts
                .get(&scope.account)
                .map(|a| (a.clone(), scope.region))
        })
        .collect()
}
