use std::collections::BTreeMap;

use tidemark_domain::{Scope, change::RunItem};
use tidemark_services::error::StoreError;
use uuid::Uuid;

use super::row::{ITEM, ItemRow};
use crate::{
    convert::{parsed, unsigned},
    db::{Db, Sql},
};

pub(super) async fn under_way(
    db: &Db,
    list: Uuid,
    after: Option<u32>,
    limit: u16,
) -> Result<Vec<RunItem>, StoreError> {
    let mut sql = Sql::new(format!(
        "SELECT {ITEM} FROM run_items WHERE state = 'asked' AND job IS NOT NULL AND list = "
    ));
    sql.bind(list.to_string());
    if let Some(after) = after {
        sql.push(" AND number > ").bind(i64::from(after));
    }
    sql.push(&format!(" ORDER BY number LIMIT {limit}"));
    let rows: Vec<ItemRow> = db.fetch_all(sql).await?;
    rows.into_iter().map(ItemRow::read).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    account: String,
    region: String,
    jobs: i64,
}

pub(super) async fn jobs_under_way(
    db: &Db,
    list: Uuid,
) -> Result<BTreeMap<Scope, u64>, StoreError> {
    let sql = "SELECT account, region, COUNT(*) AS jobs FROM run_items \
               WHERE list = $1 AND state = 'asked' AND job IS NOT NULL GROUP BY account, region";
    let rows: Vec<Row> = db.fetch_all(Sql::new(sql).arg(list.to_string())).await?;
    rows.into_iter()
        .map(|row| {
            let scope = Scope {
                account: parsed(row.account)?,
                region: parsed(row.region)?,
            };
            Ok((scope, unsigned(row.jobs)))
        })
        .collect()
}
