use tidemark_runs::{RunEvent, RunId, StoreError};

use super::{
    failed,
    row::{from_json, number},
};
use crate::db::{Db, Sql};

pub(super) async fn events_after(
    db: &Db,
    id: RunId,
    after: u64,
    limit: u32,
) -> Result<Vec<RunEvent>, StoreError> {
    let sql = "SELECT event FROM run_events WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let sql = Sql::new(sql)
        .arg(id.to_string())
        .arg(number(after)?)
        .arg(i64::from(limit));
    let rows: Vec<(String,)> = db.fetch_all(sql).await.map_err(failed)?;
    rows.iter().map(|(event,)| from_json(event)).collect()
}
