use tidemark_domain::sets::{SetVersion, StoredSet};
use tidemark_services::error::StoreError;

use super::row::{SET, SetRow, VersionRow};
use crate::db::{Db, Sql};

pub(super) async fn list(db: &Db) -> Result<Vec<StoredSet>, StoreError> {
    let sql = format!(
        "SELECT {SET} FROM set_versions WHERE version = \
         (SELECT MAX(version) FROM set_versions AS newest WHERE newest.name = set_versions.name) ORDER BY name"
    );
    let rows: Vec<SetRow> = db.fetch_all(Sql::new(sql)).await?;
    rows.into_iter().map(SetRow::read).collect()
}

pub(super) async fn get(
    db: &Db,
    name: &str,
    version: Option<u32>,
) -> Result<Option<StoredSet>, StoreError> {
    let sql = match version {
        None => Sql::new(format!(
            "SELECT {SET} FROM set_versions WHERE name = $1 ORDER BY version DESC LIMIT 1"
        ))
        .arg(name),
        Some(version) => Sql::new(format!(
            "SELECT {SET} FROM set_versions WHERE name = $1 AND version = $2"
        ))
        .arg(name)
        .arg(i64::from(version)),
    };
    let row: Option<SetRow> = db.fetch_optional(sql).await?;
    row.map(SetRow::read).transpose()
}

pub(super) async fn versions(db: &Db, name: &str) -> Result<Vec<SetVersion>, StoreError> {
    let sql = "SELECT version, written_by, written_at FROM set_versions WHERE name = $1 ORDER BY version DESC";
    let rows: Vec<VersionRow> = db.fetch_all(Sql::new(sql).arg(name)).await?;
    rows.into_iter().map(VersionRow::read).collect()
}
