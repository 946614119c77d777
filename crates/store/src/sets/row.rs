use tidemark_domain::sets::{SetVersion, StoredSet};
use tidemark_services::error::StoreError;

use crate::{convert::time, db::corrupt};

pub(super) const SET: &str = "name, version, manifest, written_by, written_at";

#[derive(sqlx::FromRow)]
pub(super) struct SetRow {
    name: String,
    version: i64,
    manifest: String,
    written_by: String,
    written_at: i64,
}

impl SetRow {
    pub(super) fn read(self) -> Result<StoredSet, StoreError> {
        Ok(StoredSet {
            name: self.name,
            version: u32::try_from(self.version).map_err(corrupt)?,
            manifest: self.manifest,
            written_by: self.written_by,
            written_at: time(self.written_at)?,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct VersionRow {
    version: i64,
    written_by: String,
    written_at: i64,
}

impl VersionRow {
    pub(super) fn read(self) -> Result<SetVersion, StoreError> {
        Ok(SetVersion {
            version: u32::try_from(self.version).map_err(corrupt)?,
            written_by: self.written_by,
            written_at: time(self.written_at)?,
        })
    }
}
