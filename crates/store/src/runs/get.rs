use tidemark_runs::{Run, RunId, StoreError};

use super::{
    failed,
    row::{COLUMNS, RunRow},
};
use crate::db::{Db, Sql};

pub(super) async fn get(db: &Db, id: RunId) -> Result<Option<Run>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM runs WHERE id = $1");
    let row: Option<RunRow> = db
        .fetch_optional(Sql::new(sql).arg(id.to_string()))
        .await
        .map_err(failed)?;
    row.map(RunRow::read).transpose()
}
