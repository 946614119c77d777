use async_trait::async_trait;
use tidemark_domain::Page;

use crate::{
    audit::{AuditEntry, AuditRecord},
    error::StoreError,
};

/// What a list of audit records shows, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only entries of this actor.
    pub actor: Option<String>,
    /// Only entries of this action.
    pub action: Option<String>,
    /// Cursor of the page.
    pub cursor: Option<String>,
    /// Rows per page; 1 to 200, 50 by default.
    pub limit: Option<u16>,
}

/// The append-only, hash-chained audit log.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Appends an entry; the store gives it the next number and chains it with
    /// [`AuditRecord::chain`] onto the last one, in one transaction.
    async fn append(&self, entry: &AuditEntry) -> Result<AuditRecord, StoreError>;

    /// A page, newest first.
    async fn list(&self, filter: &AuditFilter) -> Result<Page<AuditRecord>, StoreError>;

    /// Records from a number on, oldest first: for verification.
    async fn read_from(&self, number: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError>;
}
