use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tidemark_domain::Page;
use tidemark_services::{
    audit::{AuditEntry, AuditRecord},
    error::StoreError,
    ports::{AuditFilter, AuditLog},
};

/// The audit log in memory. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct FakeAuditLog(Arc<Mutex<Vec<AuditRecord>>>);

impl FakeAuditLog {
    fn lock(&self) -> MutexGuard<'_, Vec<AuditRecord>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every record, oldest first.
    pub fn records(&self) -> Vec<AuditRecord> {
        self.lock().clone()
    }

    /// Alters a record behind the log's back, as an intruder would.
    pub fn tamper(&self, number: i64, change: impl FnOnce(&mut AuditRecord)) {
        if let Some(record) = self.lock().iter_mut().find(|r| r.number == number) {
            change(record);
        }
    }
}

#[async_trait]
impl AuditLog for FakeAuditLog {
    async fn append(&self, entry: &AuditEntry) -> Result<AuditRecord, StoreError> {
        let mut records = self.lock();
        let (number, previous) = records
            .last()
            .map_or((0, AuditRecord::GENESIS.to_owned()), |r| {
                (r.number, r.hash.clone())
            });
        let record = AuditRecord::chain(number + 1, &previous, entry.clone());
        records.push(record.clone());
        Ok(record)
    }

    async fn list(&self, filter: &AuditFilter) -> Result<Page<AuditRecord>, StoreError> {
        let wanted = |wanted: &Option<String>, value: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == value)
        };
        let rows: Vec<AuditRecord> = self
            .lock()
            .iter()
            .rev()
            .filter(|r| wanted(&filter.actor, &r.entry.actor))
            .filter(|r| wanted(&filter.action, &r.entry.action))
            .cloned()
            .collect();
        let limit = usize::from(filter.limit.unwrap_or(50).clamp(1, 200));
        super::page(&rows, filter.cursor.as_deref(), limit)
    }

    async fn read_from(&self, number: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError> {
        Ok(self
            .lock()
            .iter()
            .filter(|r| r.number >= number)
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .cloned()
            .collect())
    }
}
