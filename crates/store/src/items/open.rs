use jiff::Timestamp;
use tidemark_domain::change::RunItem;
use tidemark_services::error::StoreError;
use uuid::Uuid;

use super::{
    CHUNK,
    row::{ITEM, ItemRow},
};
use crate::{
    convert::millis,
    db::{Db, Sql},
};

pub(super) async fn open(db: &Db, list: Uuid, limit: u16) -> Result<Vec<RunItem>, StoreError> {
    let mut items = Vec::new();
    for state in ["asked", "pending"] {
        let left = usize::from(limit) - items.len().min(usize::from(limit));
        let sql = format!(
            "SELECT {ITEM} FROM run_items WHERE list = $1 AND state = $2 ORDER BY number \
             LIMIT {left}"
        );
        let sql = Sql::new(sql).arg(list.to_string()).arg(state);
        let rows: Vec<ItemRow> = db.fetch_all(sql).await?;
        for row in rows {
            items.push(row.read()?);
        }
    }
    Ok(items)
}

pub(super) async fn ask(
    db: &Db,
    list: Uuid,
    numbers: &[u32],
    at: Timestamp,
) -> Result<(), StoreError> {
    for numbers in numbers.chunks(CHUNK) {
        let mut sql = Sql::new("UPDATE run_items SET state = 'asked', at = ");
        sql.bind(millis(at))
            .push(" WHERE list = ")
            .bind(list.to_string());
        sql.push(" AND state = 'pending' AND number IN ")
            .list(numbers.iter().map(|number| i64::from(*number)));
        db.execute(sql.once()).await?;
    }
    Ok(())
}
