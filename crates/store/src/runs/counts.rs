use tidemark_runs::{RunCounts, RunFilter, StoreError};

use super::{failed, filter};
use crate::{
    convert::unsigned,
    db::{Db, Sql},
};

pub(super) async fn counts(db: &Db, filter: &RunFilter) -> Result<RunCounts, StoreError> {
    let mut sql = Sql::new("SELECT state, COUNT(*) FROM runs WHERE id > ''");
    filter::push(&mut sql, filter);
    sql.push(" GROUP BY state");
    let rows: Vec<(String, i64)> = db.fetch_all(sql).await.map_err(failed)?;
    let mut counts = RunCounts::default();
    for (state, count) in rows {
        let state = state.parse().map_err(StoreError::corrupt)?;
        counts.by_state.insert(state, unsigned(count));
    }
    Ok(counts)
}
