use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use super::Backoff;
use crate::ports::{
    BatchWritten, Expected, Export, ExportState, ImportRequest, ImportState, PortError, ScanPage,
    ScanRequest, SourceTable, TableDescription, TableWrite,
};

/// A table whose throttled and unanswered calls are tried again. A conditional write whose
/// answer was lost may answer `PreconditionFailed`: callers look what is there.
pub struct RetryingTable {
    inner: Arc<dyn SourceTable>,
    backoff: Backoff,
}

impl RetryingTable {
    /// Wraps a table.
    pub fn new(inner: Arc<dyn SourceTable>, backoff: Backoff) -> Self {
        Self { inner, backoff }
    }
}

#[async_trait]
impl SourceTable for RetryingTable {
    fn name(&self) -> &str {
        self.inner.name()
    }

    async fn describe(&self) -> Result<TableDescription, PortError> {
        self.backoff.run(|| self.inner.describe()).await
    }

    async fn scan(&self, request: &ScanRequest) -> Result<ScanPage, PortError> {
        self.backoff.run(|| self.inner.scan(request)).await
    }

    async fn get(&self, key: &Bytes) -> Result<Option<Bytes>, PortError> {
        self.backoff.run(|| self.inner.get(key)).await
    }

    async fn batch_write(&self, writes: &[TableWrite]) -> Result<BatchWritten, PortError> {
        self.backoff.run(|| self.inner.batch_write(writes)).await
    }

    async fn put_if(&self, item: &Bytes, expected: &Expected) -> Result<(), PortError> {
        self.backoff.run(|| self.inner.put_if(item, expected)).await
    }

    async fn delete_if(&self, key: &Bytes, expected: &Expected) -> Result<(), PortError> {
        self.backoff
            .run(|| self.inner.delete_if(key, expected))
            .await
    }

    async fn create(&self, like: &TableDescription, made_for: &str) -> Result<(), PortError> {
        self.backoff.run(|| self.inner.create(like, made_for)).await
    }

    async fn forget_mark(&self) -> Result<(), PortError> {
        self.backoff.run(|| self.inner.forget_mark()).await
    }

    async fn wait_until_active(&self) -> Result<(), PortError> {
        self.backoff.run(|| self.inner.wait_until_active()).await
    }

    async fn import(&self, request: &ImportRequest) -> Result<String, PortError> {
        self.backoff.run(|| self.inner.import(request)).await
    }

    async fn import_state(&self, import: &str) -> Result<ImportState, PortError> {
        self.backoff.run(|| self.inner.import_state(import)).await
    }

    async fn export(&self, request: &Export) -> Result<String, PortError> {
        self.backoff.run(|| self.inner.export(request)).await
    }

    async fn export_state(&self, export: &str) -> Result<ExportState, PortError> {
        self.backoff.run(|| self.inner.export_state(export)).await
    }
}
