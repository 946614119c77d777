use jiff::Timestamp;
use tidemark_domain::{Scope, change::RunItem};
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

pub(super) async fn open(
    db: &Db,
    list: Uuid,
    limit: u16,
    except: &[Scope],
) -> Result<Vec<RunItem>, StoreError> {
    let mut items = Vec::new();
    for state in ["asked", "pending"] {
        let left = usize::from(limit) - items.len().min(usize::from(limit));
        let sql =
            format!("SELECT {ITEM} FROM run_items WHERE list = $1 AND state = $2 AND job IS NULL");
        let mut sql = Sql::new(sql).arg(list.to_string()).arg(state);
        for scope in except {
            sql.push(" AND NOT (account = ")
                .bind(scope.account.as_str());
            sql.push(" AND region = ")
                .bind(scope.region.as_str())
                .push(")");
        }
        sql.push(&format!(" ORDER BY number LIMIT {left}"));
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
