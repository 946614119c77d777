use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::{
    AccountId, Scope,
    permissions::{PermissionChange, PermissionReport, PermissionRow},
};

use crate::error::StoreError;

/// One process's turn at asking what roles may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionTurn {
    /// Who asks: unique among all processes.
    pub reader: String,
    /// Now.
    pub at: Timestamp,
    /// Until then nobody else asks about what it takes.
    pub until: Timestamp,
    /// Scopes that were asked about since then wait for their next turn, unless they are asked for.
    pub tried_before: Timestamp,
    /// The same for those of which the last report could tell nothing, since the way in was broken.
    pub broken_before: Timestamp,
}

/// What the accounts' roles may do, as last told, and what has changed.
#[async_trait]
pub trait Permissions: Send + Sync {
    /// Asks for reports before their turn. Scopes of accounts that are not registered are left out.
    async fn want(&self, scopes: &[Scope], at: Timestamp) -> Result<(), StoreError>;

    /// The registered scopes whose turn it is, without those that somebody asks about; by account and Region.
    async fn due(&self, turn: &PermissionTurn) -> Result<Vec<Scope>, StoreError>;

    /// Takes a scope; no when somebody else has it, or its turn has passed meanwhile.
    async fn claim(&self, scope: &Scope, turn: &PermissionTurn) -> Result<bool, StoreError>;

    /// Keeps a report in place of the one before, which it follows, with what has changed, and ends the
    /// turn. Answers it as it was kept; none when the account is not registered any more or a newer
    /// report is there.
    async fn keep(&self, report: PermissionReport) -> Result<Option<PermissionReport>, StoreError>;

    /// The report of a scope.
    async fn report(&self, scope: &Scope) -> Result<Option<PermissionReport>, StoreError>;

    /// The rows of the table of all, by account and Region; their aliases are not told.
    async fn rows(&self) -> Result<Vec<PermissionRow>, StoreError>;

    /// The newest changes of an account.
    async fn changes(
        &self,
        account: &AccountId,
        limit: u16,
    ) -> Result<Vec<PermissionChange>, StoreError>;

    /// Forgets the reports of an account; what has changed stays on record.
    async fn forget(&self, account: &AccountId) -> Result<(), StoreError>;
}
