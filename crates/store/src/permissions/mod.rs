//! What the accounts' roles may do.

mod keep;
mod read;
mod turns;

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

use crate::db::Db;

/// [`Permissions`] in SQL.
pub(crate) struct SqlPermissions(pub(crate) Db);

#[async_trait]
impl Permissions for SqlPermissions {
    async fn want(&self, scopes: &[Scope], at: Timestamp) -> Result<(), StoreError> {
        turns::want(&self.0, scopes, at).await
    }

    async fn due(&self, turn: &PermissionTurn) -> Result<Vec<Scope>, StoreError> {
        turns::due(&self.0, turn).await
    }

    async fn claim(&self, scope: &Scope, turn: &PermissionTurn) -> Result<bool, StoreError> {
        turns::claim(&self.0, scope, turn).await
    }

    async fn keep(&self, report: PermissionReport) -> Result<Option<PermissionReport>, StoreError> {
        keep::keep(&self.0, report).await
    }

    async fn report(&self, scope: &Scope) -> Result<Option<PermissionReport>, StoreError> {
        read::report(&self.0, scope).await
    }

    async fn rows(&self) -> Result<Vec<PermissionRow>, StoreError> {
        read::rows(&self.0).await
    }

    async fn changes(
        &self,
        account: &AccountId,
        limit: u16,
    ) -> Result<Vec<PermissionChange>, StoreError> {
        read::changes(&self.0, account, limit).await
    }

    async fn forget(&self, account: &AccountId) -> Result<(), StoreError> {
        keep::forget(&self.0, account).await
    }
}
