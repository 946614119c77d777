use tidemark_domain::Arn;
use tidemark_services::{error::StoreError, ports::StoredCapture};

use super::row::{CAPTURE, CaptureRow};
use crate::db::{Db, Sql};

pub(super) async fn get(db: &Db, id: &str) -> Result<Option<StoredCapture>, StoreError> {
    let sql = Sql::new(format!("SELECT {CAPTURE} FROM captures WHERE id = $1")).arg(id);
    let row: Option<CaptureRow> = db.fetch_optional(sql).await?;
    row.map(CaptureRow::read).transpose()
}

pub(super) async fn of_tables(db: &Db, tables: &[Arn]) -> Result<Vec<StoredCapture>, StoreError> {
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(format!("SELECT {CAPTURE} FROM captures WHERE source IN "));
    sql.list(tables.iter().map(Arn::as_str))
        .push(" ORDER BY created_at, id");
    all(db, sql).await
}

pub(super) async fn list(db: &Db) -> Result<Vec<StoredCapture>, StoreError> {
    let sql = format!("SELECT {CAPTURE} FROM captures ORDER BY created_at, id");
    all(db, Sql::new(sql)).await
}

async fn all(db: &Db, sql: Sql) -> Result<Vec<StoredCapture>, StoreError> {
    let rows: Vec<CaptureRow> = db.fetch_all(sql).await?;
    rows.into_iter().map(CaptureRow::read).collect()
}
