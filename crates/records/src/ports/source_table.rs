use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

use super::{PortError, TableDescription};

/// One table, which need not exist yet. Errors about a record name its key in `subject`; others
/// name the table.
#[async_trait]
pub trait SourceTable: Send + Sync {
    /// The table's name.
    fn name(&self) -> &str;

    /// Keys, indexes, billing, stream and settings. `NotFound` when there is no such table.
    async fn describe(&self) -> Result<TableDescription, PortError>;

    /// A page of a parallel scan (`Scan` with `Segment`, `TotalSegments`).
    async fn scan(&self, request: &ScanRequest) -> Result<ScanPage, PortError>;

    /// The record of a key by a consistent read (`GetItem`); none when there is none.
    async fn get(&self, key: &Bytes) -> Result<Option<Bytes>, PortError>;

    /// Writes up to 25 records without conditions (`BatchWriteItem`); no key twice.
    async fn batch_write(&self, writes: &[TableWrite]) -> Result<BatchWritten, PortError>;

    /// Puts a record if the table still holds what is expected; `PreconditionFailed` otherwise.
    ///
    /// An adapter can compare the expected attributes and require attributes that only the new
    /// item has to be absent; the engine reads the record consistently just before, so that an
    /// added attribute is seen too.
    async fn put_if(&self, item: &Bytes, expected: &Expected) -> Result<(), PortError>;

    /// Deletes a record if the table still holds what is expected; `PreconditionFailed` otherwise.
    async fn delete_if(&self, key: &Bytes, expected: &Expected) -> Result<(), PortError>;

    /// Creates the table under [`SourceTable::name`] like `like` (keys, indexes, billing,
    /// encryption, class; no stream, no settings) and returns when it is active.
    /// `Conflict` when there is one already. The table is marked from its first moment on
    /// ([`MADE_FOR`]), so that whoever asked knows it again when the answer was lost.
    async fn create(&self, like: &TableDescription, made_for: &str) -> Result<(), PortError>;

    /// Takes the mark of [`SourceTable::create`] off again.
    async fn forget_mark(&self) -> Result<(), PortError>;

    /// Returns when a table that is being created is active.
    async fn wait_until_active(&self) -> Result<(), PortError>;

    /// Starts an import of an export-form prefix into a new table of this name (`ImportTable`).
    /// Answers the import's ARN. The same `token` does not start a second one.
    async fn import(&self, request: &ImportRequest) -> Result<String, PortError>;

    /// How an import stands (`DescribeImport`).
    async fn import_state(&self, import: &str) -> Result<ImportState, PortError>;

    /// Starts a full export of the table (`ExportTableToPointInTime`). Answers the export's ARN.
    async fn export(&self, request: &Export) -> Result<String, PortError>;

    /// How an export stands (`DescribeExport`).
    async fn export_state(&self, export: &str) -> Result<ExportState, PortError>;
}

/// The tag of a table that is being made: what it is made for.
pub const MADE_FOR: &str = "tidemark:made-for";

/// Which page of a parallel scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanRequest {
    /// Which part, from 0.
    pub segment: u32,
    /// How many parts.
    pub total_segments: u32,
    /// The key after which the page begins; none for the first page.
    pub start: Option<Bytes>,
    /// At most so many records; none for as many as fit a megabyte.
    pub limit: Option<u32>,
    /// Strongly consistent, at twice the capacity.
    pub consistent: bool,
}

/// A page of a scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScanPage {
    /// The records in wire form.
    pub items: Vec<Bytes>,
    /// `LastEvaluatedKey` in wire form; none at the end of the segment.
    pub next: Option<Bytes>,
    /// Capacity used, in thousandths of a unit.
    pub capacity_milli: u64,
}

/// One unconditional write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableWrite {
    /// Put this record.
    Put(Bytes),
    /// Delete the record of this key.
    Delete(Bytes),
}

/// What a batch did not do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchWritten {
    /// `UnprocessedItems`: to be sent again.
    pub unprocessed: Vec<TableWrite>,
    /// Capacity used, in thousandths of a unit.
    pub capacity_milli: u64,
}

/// What the table must hold for a conditional write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// No record of that key.
    Absent,
    /// Exactly this record.
    Image(Bytes),
}

/// What to import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRequest {
    /// Bucket of the export-form data.
    pub bucket: String,
    /// Prefix of its data objects, for example `…/AWSDynamoDB/<id>/data/`.
    pub prefix: String,
    /// The table to create.
    pub like: TableDescription,
    /// Idempotency token.
    pub token: String,
}

/// How an import stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// It goes on.
    Running {
        /// Records imported so far.
        imported: u64,
    },
    /// Done.
    Completed {
        /// Records imported.
        imported: u64,
        /// Records that could not be imported.
        failed: u64,
    },
    /// It did not work.
    Failed {
        /// What AWS says.
        message: String,
    },
}

/// Where to export to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The bucket.
    pub bucket: String,
    /// The prefix before `AWSDynamoDB/`.
    pub prefix: String,
    /// The second to export; none for now.
    pub at: Option<Timestamp>,
    /// Idempotency token.
    pub token: String,
}

/// How an export stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportState {
    /// It goes on.
    Running,
    /// Done.
    Completed {
        /// Name of its `manifest-summary.json`.
        manifest: String,
        /// Records exported.
        items: u64,
    },
    /// It did not work.
    Failed {
        /// What AWS says.
        message: String,
    },
}
