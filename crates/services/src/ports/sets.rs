use async_trait::async_trait;
use tidemark_domain::sets::{SetVersion, StoredSet};

use crate::error::StoreError;

/// Application sets, with all their versions.
#[async_trait]
pub trait SetStore: Send + Sync {
    /// The newest version of every set, by name.
    async fn list(&self) -> Result<Vec<StoredSet>, StoreError>;

    /// A version of a set, the newest when none is named; none when there is none.
    async fn get(&self, name: &str, version: Option<u32>) -> Result<Option<StoredSet>, StoreError>;

    /// The versions of a set, newest first.
    async fn versions(&self, name: &str) -> Result<Vec<SetVersion>, StoreError>;

    /// Keeps a version. It must be the next one: a conflict where somebody else has written it meanwhile.
    async fn put(&self, set: &StoredSet) -> Result<(), StoreError>;
}
