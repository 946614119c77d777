use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use tidemark_domain::{Account, AccountConnection, AccountId, PendingExternalId};
use tidemark_services::{error::StoreError, ports::AccountStore};

/// Registered accounts in memory. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct FakeAccountStore(Arc<Mutex<BTreeMap<AccountId, Account>>>);

impl FakeAccountStore {
    /// With these accounts.
    pub fn with(accounts: impl IntoIterator<Item = Account>) -> Self {
        let store = Self::default();
        store.lock().extend(
            accounts
                .into_iter()
                .map(|a| (a.connection.account.clone(), a)),
        );
        store
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, BTreeMap<AccountId, Account>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn alias(&self, account: &AccountId) -> String {
        self.lock()
            .get(account)
            .map_or_else(|| account.to_string(), |a| a.alias.clone())
    }
}

fn unknown(account: &AccountId) -> StoreError {
    StoreError::NotFound(format!("account {account}"))
}

#[async_trait]
impl AccountStore for FakeAccountStore {
    async fn add(&self, account: &Account) -> Result<(), StoreError> {
        let mut accounts = self.lock();
        let id = &account.connection.account;
        if accounts.contains_key(id) {
            return Err(StoreError::Conflict(format!(
                "account {id} is registered already"
            )));
        }
        accounts.insert(id.clone(), account.clone());
        Ok(())
    }

    async fn add_all(&self, accounts: &[Account]) -> Result<Vec<bool>, StoreError> {
        let mut known = self.lock();
        let add = |account: &Account| {
            let id = account.connection.account.clone();
            match known.entry(id) {
                Entry::Occupied(_) => false,
                Entry::Vacant(place) => {
                    place.insert(account.clone());
                    true
                }
            }
        };
        Ok(accounts.iter().map(add).collect())
    }

    async fn set_pending(
        &self,
        account: &AccountId,
        before: Option<&PendingExternalId>,
        pending: Option<&PendingExternalId>,
    ) -> Result<(), StoreError> {
        let mut accounts = self.lock();
        let known = accounts.get_mut(account).ok_or_else(|| unknown(account))?;
        if known.pending.as_ref() != before {
            return Err(StoreError::Conflict(format!(
                "the external id of account {account} was changed meanwhile"
            )));
        }
        known.pending = pending.cloned();
        Ok(())
    }

    async fn promote(&self, connection: &AccountConnection) -> Result<bool, StoreError> {
        let mut accounts = self.lock();
        let Some(known) = accounts.get_mut(&connection.account) else {
            return Ok(false);
        };
        let waits = known
            .pending
            .as_ref()
            .is_some_and(|pending| pending.external_id == connection.external_id);
        if waits {
            known.connection.external_id = connection.external_id.clone();
            known.pending = None;
        }
        Ok(waits)
    }

    async fn list(&self) -> Result<Vec<Account>, StoreError> {
        let mut accounts: Vec<Account> = self.lock().values().cloned().collect();
        accounts.sort_by(|a, b| a.alias.cmp(&b.alias));
        Ok(accounts)
    }

    async fn get(&self, account: &AccountId) -> Result<Option<Account>, StoreError> {
        Ok(self.lock().get(account).cloned())
    }

    async fn update(&self, account: &Account) -> Result<(), StoreError> {
        let id = &account.connection.account;
        match self.lock().get_mut(id) {
            Some(known) => {
                known.alias.clone_from(&account.alias);
                known.connection.role = account.connection.role.clone();
                known.regions.clone_from(&account.regions);
                known.features.clone_from(&account.features);
                Ok(())
            }
            None => Err(unknown(id)),
        }
    }

    async fn remove(&self, account: &AccountId) -> Result<(), StoreError> {
        self.lock()
            .remove(account)
            .map(|_| ())
            .ok_or_else(|| unknown(account))
    }
}
