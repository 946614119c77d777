use async_trait::async_trait;
use tidemark_domain::{
    Arn,
    records::{Capture, CaptureMode, CaptureStatus},
};

use crate::error::StoreError;

/// A capture as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCapture {
    /// The capture.
    pub capture: Capture,
    /// What was last known of it.
    pub status: CaptureStatus,
}

/// The captures: which tables are backed up record by record, and where. What counts for a restore
/// lies in the bucket; these rows can be made again from there.
#[async_trait]
pub trait Captures: Send + Sync {
    /// Adds a capture; a conflict when the table has one at the same place already.
    async fn create(&self, capture: &Capture) -> Result<(), StoreError>;

    /// One capture.
    async fn get(&self, id: &str) -> Result<Option<StoredCapture>, StoreError>;

    /// The captures of these tables, oldest first.
    async fn of_tables(&self, tables: &[Arn]) -> Result<Vec<StoredCapture>, StoreError>;

    /// The captures of a table, oldest first.
    async fn of_table(&self, table: &Arn) -> Result<Vec<StoredCapture>, StoreError> {
        self.of_tables(std::slice::from_ref(table)).await
    }

    /// Every capture, oldest first.
    async fn list(&self) -> Result<Vec<StoredCapture>, StoreError>;

    /// Says who reads the stream from now on; not found when there is no such capture.
    async fn set_mode(&self, id: &str, mode: CaptureMode) -> Result<(), StoreError>;

    /// Replaces what is known; does nothing when the capture is gone.
    async fn put_status(&self, id: &str, status: &CaptureStatus) -> Result<(), StoreError>;

    /// Forgets a capture; not found when there is none.
    async fn remove(&self, id: &str) -> Result<(), StoreError>;
}
