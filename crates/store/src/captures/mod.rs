//! Captures.

mod create;
mod read;
mod remove;
mod row;
mod set;

use async_trait::async_trait;
use tidemark_domain::{
    Arn,
    records::{Capture, CaptureMode, CaptureStatus},
};
use tidemark_services::{
    error::StoreError,
    ports::{Captures, StoredCapture},
};

use crate::db::Db;

/// [`Captures`] in SQL.
pub(crate) struct SqlCaptures(pub(crate) Db);

#[async_trait]
impl Captures for SqlCaptures {
    async fn create(&self, capture: &Capture) -> Result<(), StoreError> {
        create::create(&self.0, capture).await
    }

    async fn get(&self, id: &str) -> Result<Option<StoredCapture>, StoreError> {
        read::get(&self.0, id).await
    }

    async fn of_tables(&self, tables: &[Arn]) -> Result<Vec<StoredCapture>, StoreError> {
        read::of_tables(&self.0, tables).await
    }

    async fn list(&self) -> Result<Vec<StoredCapture>, StoreError> {
        read::list(&self.0).await
    }

    async fn set_mode(&self, id: &str, mode: CaptureMode) -> Result<(), StoreError> {
        set::mode(&self.0, id, mode).await
    }

    async fn put_status(&self, id: &str, status: &CaptureStatus) -> Result<(), StoreError> {
        set::status(&self.0, id, status).await
    }

    async fn remove(&self, id: &str) -> Result<(), StoreError> {
        remove::remove(&self.0, id).await
    }
}

fn unknown(id: &str) -> StoreError {
    StoreError::NotFound(format!("record-level backup {id}"))
}
