use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::{
    AccountId, Scope,
    permissions::{PermissionChange, PermissionReport, PermissionRow},
};
use tidemark_services::{
    error::StoreError,
    ports::{PermissionTurn, Permissions},
};

use super::FakeAccountStore;

#[derive(Clone, Debug, Default)]
struct Kept {
    report: Option<PermissionReport>,
    wanted: bool,
    tried_at: Option<Timestamp>,
    taken_until: Option<Timestamp>,
}

#[derive(Debug, Default)]
struct State {
    scopes: BTreeMap<Scope, Kept>,
    changes: Vec<(AccountId, PermissionChange)>,
}

/// What roles may do, in memory. Clones share it.
#[derive(Clone, Debug)]
pub struct FakePermissions {
    accounts: FakeAccountStore,
    state: Arc<Mutex<State>>,
}

impl FakePermissions {
    /// Of these accounts.
    pub fn new(accounts: FakeAccountStore) -> Self {
        Self {
            accounts,
            state: Arc::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn registered(&self) -> Vec<Scope> {
        let accounts = self.accounts.lock();
        let of = |account: &tidemark_domain::Account| -> Vec<Scope> {
            let id = account.connection.account.clone();
            let scope = |region: &tidemark_domain::Region| Scope {
                account: id.clone(),
                region: region.clone(),
            };
            account.regions.iter().map(scope).collect()
        };
        accounts.values().flat_map(of).collect()
    }
}

fn is_due(kept: &Kept, turn: &PermissionTurn) -> bool {
    let free = kept.taken_until.is_none_or(|until| until <= turn.at);
    let broken = kept
        .report
        .as_ref()
        .is_some_and(|report| report.broken.is_some());
    let before = if broken {
        turn.broken_before
    } else {
        turn.tried_before
    };
    free && (kept.wanted || kept.tried_at.is_none_or(|at| at <= before))
}

#[async_trait]
impl Permissions for FakePermissions {
    async fn want(&self, scopes: &[Scope], _: Timestamp) -> Result<(), StoreError> {
        let registered = self.registered();
        let mut state = self.lock();
        for scope in scopes.iter().filter(|scope| registered.contains(scope)) {
            state.scopes.entry(scope.clone()).or_default().wanted = true;
        }
        Ok(())
    }

    async fn due(&self, turn: &PermissionTurn) -> Result<Vec<Scope>, StoreError> {
        let mut due = self.registered();
        let state = self.lock();
        due.retain(|scope| {
            state
                .scopes
                .get(scope)
                .is_none_or(|kept| is_due(kept, turn))
        });
        due.sort();
        Ok(due)
    }

    async fn claim(&self, scope: &Scope, turn: &PermissionTurn) -> Result<bool, StoreError> {
        let mut state = self.lock();
        let kept = state.scopes.entry(scope.clone()).or_default();
        let due = is_due(kept, turn);
        if due {
            kept.wanted = false;
            kept.tried_at = Some(turn.at);
            kept.taken_until = Some(turn.until);
        }
        Ok(due)
    }

    async fn keep(
        &self,
        mut report: PermissionReport,
    ) -> Result<Option<PermissionReport>, StoreError> {
        if !self.registered().contains(&report.scope) {
            return Ok(None);
        }
        let mut state = self.lock();
        let kept = state.scopes.entry(report.scope.clone()).or_default();
        kept.taken_until = None;
        if kept
            .report
            .as_ref()
            .is_some_and(|known| known.made_at > report.made_at)
        {
            return Ok(None);
        }
        let changes = report.follow(kept.report.as_ref());
        kept.tried_at = Some(report.made_at);
        kept.report = Some(report.clone());
        let account = report.scope.account.clone();
        state
            .changes
            .extend(changes.into_iter().map(|change| (account.clone(), change)));
        Ok(Some(report))
    }

    async fn report(&self, scope: &Scope) -> Result<Option<PermissionReport>, StoreError> {
        Ok(self
            .lock()
            .scopes
            .get(scope)
            .and_then(|kept| kept.report.clone()))
    }

    async fn rows(&self) -> Result<Vec<PermissionRow>, StoreError> {
        Ok(self
            .lock()
            .scopes
            .values()
            .filter_map(|kept| kept.report.as_ref())
            .map(|report| report.row(""))
            .collect())
    }

    async fn changes(
        &self,
        account: &AccountId,
        limit: u16,
    ) -> Result<Vec<PermissionChange>, StoreError> {
        Ok(self
            .lock()
            .changes
            .iter()
            .rev()
            .filter(|(of, _)| of == account)
            .map(|(_, change)| change.clone())
            .take(usize::from(limit))
            .collect())
    }

    async fn forget(&self, account: &AccountId) -> Result<(), StoreError> {
        self.lock()
            .scopes
            .retain(|scope, _| scope.account != *account);
        Ok(())
    }
}
