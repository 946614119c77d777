use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tidemark_domain::{
    Arn,
    records::{Capture, CaptureMode, CaptureStatus},
};
use tidemark_services::{
    error::StoreError,
    ports::{Captures, StoredCapture},
};

/// Captures in memory. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct FakeCaptures(Arc<Mutex<Vec<StoredCapture>>>);

impl FakeCaptures {
    fn lock(&self) -> MutexGuard<'_, Vec<StoredCapture>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sorted(&self, keep: impl Fn(&StoredCapture) -> bool) -> Vec<StoredCapture> {
        let mut found: Vec<StoredCapture> =
            self.lock().iter().filter(|c| keep(c)).cloned().collect();
        found.sort_by(|a, b| {
            let key = |c: &StoredCapture| (c.capture.created_at, c.capture.id.clone());
            key(a).cmp(&key(b))
        });
        found
    }
}

fn unknown(id: &str) -> StoreError {
    StoreError::NotFound(format!("record-level backup {id}"))
}

#[async_trait]
impl Captures for FakeCaptures {
    async fn create(&self, capture: &Capture) -> Result<(), StoreError> {
        let mut all = self.lock();
        let is_there = all.iter().any(|other| {
            let place = |c: &Capture| (c.table.clone(), c.bucket.clone(), c.prefix.clone());
            other.capture.id == capture.id || place(&other.capture) == place(capture)
        });
        if is_there {
            return Err(StoreError::Conflict(format!(
                "the table {} is backed up into the bucket {} at this prefix already",
                capture.table_name(),
                capture.bucket
            )));
        }
        all.push(StoredCapture {
            capture: capture.clone(),
            status: CaptureStatus::default(),
        });
        Ok(())
    }

    async fn get(&self, id: &str) -> Result<Option<StoredCapture>, StoreError> {
        Ok(self.lock().iter().find(|c| c.capture.id == id).cloned())
    }

    async fn of_tables(&self, tables: &[Arn]) -> Result<Vec<StoredCapture>, StoreError> {
        Ok(self.sorted(|c| tables.contains(&c.capture.table)))
    }

    async fn list(&self) -> Result<Vec<StoredCapture>, StoreError> {
        Ok(self.sorted(|_| true))
    }

    async fn set_mode(&self, id: &str, mode: CaptureMode) -> Result<(), StoreError> {
        let mut all = self.lock();
        let found = all.iter_mut().find(|c| c.capture.id == id);
        found.ok_or_else(|| unknown(id))?.capture.mode = mode;
        Ok(())
    }

    async fn put_status(&self, id: &str, status: &CaptureStatus) -> Result<(), StoreError> {
        if let Some(found) = self.lock().iter_mut().find(|c| c.capture.id == id) {
            found.status = status.clone();
        }
        Ok(())
    }

    async fn remove(&self, id: &str) -> Result<(), StoreError> {
        let mut all = self.lock();
        let before = all.len();
        all.retain(|c| c.capture.id != id);
        if all.len() == before {
            return Err(unknown(id));
        }
        Ok(())
    }
}
