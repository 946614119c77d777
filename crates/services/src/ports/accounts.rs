use async_trait::async_trait;
use tidemark_domain::{Account, AccountConnection, AccountId, PendingExternalId};

use crate::error::StoreError;

/// The registered accounts.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Registers an account; a conflict when it is registered already.
    async fn add(&self, account: &Account) -> Result<(), StoreError>;

    /// Registers several at once, all in one transaction; answers for each whether it was added. One that is
    /// registered already stays as it is.
    async fn add_all(&self, accounts: &[Account]) -> Result<Vec<bool>, StoreError>;

    /// Every account, by alias.
    async fn list(&self) -> Result<Vec<Account>, StoreError>;

    /// One account.
    async fn get(&self, account: &AccountId) -> Result<Option<Account>, StoreError>;

    /// Replaces the external id that waits for the role to take it, if it is still `before`; a conflict else.
    async fn set_pending(
        &self,
        account: &AccountId,
        before: Option<&PendingExternalId>,
        pending: Option<&PendingExternalId>,
    ) -> Result<(), StoreError>;

    /// Puts the external id that waits in place of the present one, if it still waits; answers whether.
    async fn promote(&self, connection: &AccountConnection) -> Result<bool, StoreError>;

    /// Replaces alias, role, Regions and what the role is made for; not found when it is not registered.
    async fn update(&self, account: &Account) -> Result<(), StoreError>;

    /// Removes an account; not found when it is not registered.
    async fn remove(&self, account: &AccountId) -> Result<(), StoreError>;
}
