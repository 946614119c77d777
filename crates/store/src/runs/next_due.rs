use jiff::Timestamp;
use tidemark_runs::StoreError;

use super::{failed, time};
use crate::db::{Db, Sql};

pub(super) async fn next_due(db: &Db, kinds: &[String]) -> Result<Option<Timestamp>, StoreError> {
    if kinds.is_empty() {
        return Ok(None);
    }
    let mut sql = Sql::new("SELECT due_at FROM runs WHERE due_at IS NOT NULL AND kind IN ");
    sql.list(kinds.iter().map(String::as_str))
        .push(" ORDER BY due_at LIMIT 1");
    let due: Option<(i64,)> = db.fetch_optional(sql).await.map_err(failed)?;
    due.map(|(due,)| time(due)).transpose()
}
