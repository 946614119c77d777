//! A table, one operation per file.

mod batch_write;
mod capacity;
mod condition;
mod create;
mod delete_if;
mod describe;
mod export;
mod forget_mark;
mod get;
mod import;
mod put_if;
mod put_settings;
mod scan;
mod settings;
mod shape;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use bytes::Bytes;
use tidemark_domain::TableSettings;
use tidemark_records::{
    key::KeySchema,
    ports::{
        BatchWritten, Expected, Export, ExportState, ImportRequest, ImportState, PortError,
        ScanPage, ScanRequest, SourceTable, TableDescription, TableWrite,
    },
};
use tokio::sync::OnceCell;

use super::caller::Caller;

/// One table in DynamoDB.
#[derive(Debug)]
pub struct DynamoTable {
    client: Client,
    caller: Caller,
    name: String,
    /// The key, once it was needed.
    key: OnceCell<KeySchema>,
}

impl DynamoTable {
    pub(super) fn new(client: Client, caller: Caller, name: String) -> Self {
        Self {
            client,
            caller,
            name,
            key: OnceCell::new(),
        }
    }

    /// The key by which conditions tell whether a record is there.
    async fn key(&self) -> Result<&KeySchema, PortError> {
        self.key
            .get_or_try_init(|| describe::key_schema(self))
            .await
    }

    /// Switches on what a new table lacks of these settings: stream, time to live, point-in-time
    /// recovery, tags, deletion protection. Auto scaling is not among them.
    ///
    /// # Errors
    /// The first call that AWS refuses.
    pub async fn put_settings(&self, settings: &TableSettings) -> Result<(), PortError> {
        put_settings::put_settings(self, settings).await
    }
}

#[async_trait]
impl SourceTable for DynamoTable {
    fn name(&self) -> &str {
        &self.name
    }

    async fn describe(&self) -> Result<TableDescription, PortError> {
        describe::describe(self).await
    }

    async fn scan(&self, request: &ScanRequest) -> Result<ScanPage, PortError> {
        scan::scan(self, request).await
    }

    async fn get(&self, key: &Bytes) -> Result<Option<Bytes>, PortError> {
        get::get(self, key).await
    }

    async fn batch_write(&self, writes: &[TableWrite]) -> Result<BatchWritten, PortError> {
        batch_write::batch_write(self, writes).await
    }

    async fn put_if(&self, item: &Bytes, expected: &Expected) -> Result<(), PortError> {
        put_if::put_if(self, item, expected).await
    }

    async fn delete_if(&self, key: &Bytes, expected: &Expected) -> Result<(), PortError> {
        delete_if::delete_if(self, key, expected).await
    }

    async fn create(&self, like: &TableDescription, made_for: &str) -> Result<(), PortError> {
        create::create(self, like, made_for).await
    }

    async fn forget_mark(&self) -> Result<(), PortError> {
        forget_mark::forget_mark(self).await
    }

    async fn wait_until_active(&self) -> Result<(), PortError> {
        create::wait_until_active(self).await
    }

    async fn import(&self, request: &ImportRequest) -> Result<String, PortError> {
        import::import(self, request).await
    }

    async fn import_state(&self, import: &str) -> Result<ImportState, PortError> {
        import::import_state(self, import).await
    }

    async fn export(&self, request: &Export) -> Result<String, PortError> {
        export::export(self, request).await
    }

    async fn export_state(&self, export: &str) -> Result<ExportState, PortError> {
        export::export_state(self, export).await
    }
}

/// The beginning of a record's text, for errors.
fn start_of(text: &[u8]) -> String {
    String::from_utf8_lossy(text).chars().take(200).collect()
}
