//! Application sets.

mod put;
mod read;
mod row;

use async_trait::async_trait;
use tidemark_domain::sets::{SetVersion, StoredSet};
use tidemark_services::{error::StoreError, ports::SetStore};

use crate::db::Db;

/// [`SetStore`] in SQL.
pub(crate) struct SqlSets(pub(crate) Db);

#[async_trait]
impl SetStore for SqlSets {
    async fn list(&self) -> Result<Vec<StoredSet>, StoreError> {
        read::list(&self.0).await
    }

    async fn get(&self, name: &str, version: Option<u32>) -> Result<Option<StoredSet>, StoreError> {
        read::get(&self.0, name, version).await
    }

    async fn versions(&self, name: &str) -> Result<Vec<SetVersion>, StoreError> {
        read::versions(&self.0, name).await
    }

    async fn put(&self, set: &StoredSet) -> Result<(), StoreError> {
        put::put(&self.0, set).await
    }
}
