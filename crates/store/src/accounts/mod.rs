//! The registered accounts.

mod add;
mod get;
mod list;
mod remove;
mod row;
mod update;

use async_trait::async_trait;
use tidemark_domain::{Account, AccountId};
use tidemark_services::{error::StoreError, ports::AccountStore};

use crate::db::Db;

/// [`AccountStore`] in SQL.
pub(crate) struct SqlAccounts(pub(crate) Db);

#[async_trait]
impl AccountStore for SqlAccounts {
    async fn add(&self, account: &Account) -> Result<(), StoreError> {
        add::add(&self.0, account).await
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
