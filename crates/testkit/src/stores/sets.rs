use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tidemark_domain::sets::{SetVersion, StoredSet};
use tidemark_services::{error::StoreError, ports::SetStore};

/// Application sets in memory. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct FakeSets(Arc<Mutex<Vec<StoredSet>>>);

impl FakeSets {
    fn lock(&self) -> MutexGuard<'_, Vec<StoredSet>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, name: &str) -> Vec<StoredSet> {
        let mut versions: Vec<StoredSet> = self
            .lock()
            .iter()
            .filter(|set| set.name == name)
            .cloned()
            .collect();
        versions.sort_by_key(|set| std::cmp::Reverse(set.version));
        versions
    }
}

#[async_trait]
impl SetStore for FakeSets {
    async fn list(&self) -> Result<Vec<StoredSet>, StoreError> {
        let mut names: Vec<String> = self.lock().iter().map(|set| set.name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        Ok(names
            .iter()
            .filter_map(|name| self.of(name).into_iter().next())
            .collect())
    }

    async fn get(&self, name: &str, version: Option<u32>) -> Result<Option<StoredSet>, StoreError> {
        let mut versions = self.of(name).into_iter();
        Ok(versions.find(|set| version.is_none_or(|version| set.version == version)))
    }

    async fn versions(&self, name: &str) -> Result<Vec<SetVersion>, StoreError> {
        let version = |set: StoredSet| SetVersion {
            version: set.version,
            written_by: set.written_by,
            written_at: set.written_at,
        };
        Ok(self.of(name).into_iter().map(version).collect())
    }

    async fn put(&self, set: &StoredSet) -> Result<(), StoreError> {
        let newest = self
            .of(&set.name)
            .first()
            .map_or(0, |newest| newest.version);
        if set.version != newest + 1 {
            return Err(StoreError::Conflict(format!(
                "the set {} was changed meanwhile: it has version {newest}",
                set.name
            )));
        }
        self.lock().push(set.clone());
        Ok(())
    }
}
