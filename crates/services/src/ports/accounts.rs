use async_trait::async_trait;
use tidemark_domain::{Account, AccountId};

use crate::error::StoreError;

/// The registered accounts.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Registers an account; a conflict when it is registered already.
    async fn add(&self, account: &Account) -> Result<(), StoreError>;

    /// Every account, by alias.
    async fn list(&self) -> Result<Vec<Account>, StoreError>;

    /// One account.
    async fn get(&self, account: &AccountId) -> Result<Option<Account>, StoreError>;

    /// Replaces alias, role and Regions; not found when it is not registered.
    async fn update(&self, account: &Account) -> Result<(), StoreError>;

    /// Removes an account; not found when it is not registered.
    async fn remove(&self, account: &AccountId) -> Result<(), StoreError>;
}
