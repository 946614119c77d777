//! The registered accounts.

mod add;
mod add_all;
mod get;
mod list;
mod pending;
mod remove;
mod row;
mod update;

use async_trait::async_trait;
use tidemark_domain::{Account, AccountConnection, AccountId, PendingExternalId};
use tidemark_services::{error::StoreError, ports::AccountStore};

use crate::db::Db;

/// [`AccountStore`] in SQL.
pub(crate) struct SqlAccounts(pub(crate) Db);

#[async_trait]
impl AccountStore for SqlAccounts {
    async fn add(&self, account: &Account) -> Result<(), StoreError> {
        add::add(&self.0, account).await
    }

    async fn add_all(&self, accounts: &[Account]) -> Result<Vec<bool>, StoreError> {
        add_all::add_all(&self.0, accounts).await
    }

    async fn set_pending(
        &self,
        account: &AccountId,
        before: Option<&PendingExternalId>,
        pending: Option<&PendingExternalId>,
    ) -> Result<(), StoreError> {
        pending::set(&self.0, account, before, pending).await
    }

    async fn promote(&self, connection: &AccountConnection) -> Result<bool, StoreError> {
        pending::promote(&self.0, connection).await
    }

    async fn list(&self) -> Result<Vec<Account>, StoreError> {
        list::list(&self.0).await
    }

    async fn get(&self, account: &AccountId) -> Result<Option<Account>, StoreError> {
        get::get(&self.0, account).await
    }

    async fn update(&self, account: &Account) -> Result<(), StoreError> {
        update::update(&self.0, account).await
    }

    async fn remove(&self, account: &AccountId) -> Result<(), StoreError> {
        remove::remove(&self.0, account).await
    }
}
