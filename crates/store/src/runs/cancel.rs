use tidemark_runs::{CancelRequest, Run, RunId, StoreError};

use super::{
    failed,
    row::{COLUMNS, RunRow, json},
};
use crate::db::{Db, Sql};

pub(super) async fn request_cancel(
    db: &Db,
    id: RunId,
    cancel: &CancelRequest,
) -> Result<Run, StoreError> {
    let sql = format!(
        "UPDATE runs SET cancel = CASE WHEN ended = 1 THEN cancel ELSE COALESCE(cancel, $2) END \
         WHERE id = $1 RETURNING {COLUMNS}"
    );
    let sql = Sql::new(sql).arg(id.to_string()).arg(json(cancel)?);
    let mut tx = db.begin().await.map_err(failed)?;
    let row: Option<RunRow> = tx.fetch_optional(sql).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    row.ok_or(StoreError::NotFound(id))?.read()
}
