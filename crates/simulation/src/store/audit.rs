use async_trait::async_trait;
use tidemark_domain::Page;
use tidemark_services::{
    audit::{AuditEntry, AuditRecord},
    error::StoreError,
    ports::{AuditFilter, AuditLog},
};
use tidemark_testkit::FakeAuditLog;

use super::Line;

/// The audit log over a line.
pub(crate) struct LinedAudit {
    line: Line,
    inner: FakeAuditLog,
}

impl LinedAudit {
    /// The log behind a line.
    pub(crate) fn new(line: Line, inner: FakeAuditLog) -> Self {
        Self { line, inner }
    }
}

#[async_trait]
impl AuditLog for LinedAudit {
    async fn append(&self, entry: &AuditEntry) -> Result<AuditRecord, StoreError> {
        self.line
            .pass("audit append", self.inner.append(entry))
            .await
    }

    async fn list(&self, filter: &AuditFilter) -> Result<Page<AuditRecord>, StoreError> {
        self.line.pass("audit list", self.inner.list(filter)).await
    }

    async fn read_from(&self, number: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError> {
        self.line
            .pass("audit read", self.inner.read_from(number, limit))
            .await
    }
}
