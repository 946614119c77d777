use tidemark_services::error::StoreError;
use uuid::Uuid;

use super::unknown;
use crate::db::{Db, Sql};

pub(super) async fn record_failure(db: &Db, id: Uuid) -> Result<u32, StoreError> {
    let sql = "UPDATE users SET failed_attempts = failed_attempts + 1 WHERE id = $1 \
               RETURNING failed_attempts";
    let mut tx = db.begin().await?;
    let count: Option<(i64,)> = tx.fetch_optional(Sql::new(sql).arg(id.to_string())).await?;
    tx.commit().await?;
    let (count,) = count.ok_or_else(|| unknown(id))?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
