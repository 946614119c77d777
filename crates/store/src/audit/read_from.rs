use tidemark_services::{audit::AuditRecord, error::StoreError};

use super::row::{AuditRow, COLUMNS};
use crate::db::{Db, Sql};

pub(super) async fn read_from(
    db: &Db,
    number: i64,
    limit: u32,
) -> Result<Vec<AuditRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM audit WHERE number >= $1 ORDER BY number LIMIT $2");
    let sql = Sql::new(sql).arg(number).arg(i64::from(limit));
    let rows: Vec<AuditRow> = db.fetch_all(sql).await?;
    rows.into_iter().map(AuditRow::read).collect()
}
