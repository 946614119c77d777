use tidemark_services::{audit::AuditRecord, error::StoreError};

use crate::convert::from_json;

pub(super) const COLUMNS: &str = "number, entry, previous, hash";

#[derive(sqlx::FromRow)]
pub(super) struct AuditRow {
    number: i64,
    entry: String,
    previous: String,
    hash: String,
}

impl AuditRow {
    pub(super) fn read(self) -> Result<AuditRecord, StoreError> {
        Ok(AuditRecord {
            number: self.number,
            entry: from_json(&self.entry)?,
            previous: self.previous,
            hash: self.hash,
        })
    }
}
