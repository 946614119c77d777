//! The audit log.

mod append;
mod list;
mod read_from;
mod row;

use async_trait::async_trait;
use tidemark_domain::Page;
use tidemark_services::{
    audit::{AuditEntry, AuditRecord},
    error::StoreError,
    ports::{AuditFilter, AuditLog},
};

pub(crate) use self::append::append_within;
use crate::db::Db;

/// [`AuditLog`] in SQL.
pub(crate) struct SqlAudit(pub(crate) Db);

#[async_trait]
impl AuditLog for SqlAudit {
    async fn append(&self, entry: &AuditEntry) -> Result<AuditRecord, StoreError> {
        append::append(&self.0, entry).await
    }

    async fn list(&self, filter: &AuditFilter) -> Result<Page<AuditRecord>, StoreError> {
        list::list(&self.0, filter).await
    }

    async fn read_from(&self, number: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError> {
        read_from::read_from(&self.0, number, limit).await
    }
}
