use tidemark_runs::{RunPage, RunQuery, StoreError};

use super::{
    failed, filter,
    row::{COLUMNS, RunRow},
};
use crate::db::{Db, Sql};

pub(super) async fn list(db: &Db, query: &RunQuery) -> Result<RunPage, StoreError> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let mut sql = Sql::new(format!("SELECT {COLUMNS} FROM runs WHERE id > ''"));
    filter::push(&mut sql, &query.filter);
    if let Some(before) = query.before {
        sql.push(" AND id < ").bind(before.to_string());
    }
    sql.push(" ORDER BY id DESC LIMIT ")
        .bind(i64::from(query.limit) + 1);
    let mut rows: Vec<RunRow> = db.fetch_all(sql).await.map_err(failed)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let runs = rows
        .into_iter()
        .map(RunRow::read)
        .collect::<Result<Vec<_>, _>>()?;
    let next = runs.last().filter(|_| more).map(|run| run.id);
    Ok(RunPage { runs, next })
}
