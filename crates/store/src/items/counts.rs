use tidemark_domain::change::TargetCounts;
use tidemark_services::error::StoreError;
use uuid::Uuid;

use crate::{
    convert::{parsed, unsigned},
    db::{Db, Sql},
    sum,
};

#[derive(sqlx::FromRow)]
struct Row {
    account: String,
    region: String,
    vault: String,
    pending: i64,
    asked: i64,
    done: i64,
    remaining: i64,
    failed: i64,
    bytes_done: i64,
}

pub(super) async fn counts(db: &Db, list: Uuid) -> Result<Vec<TargetCounts>, StoreError> {
    let number =
        |state: &str| format!("CAST(SUM(CASE WHEN state = '{state}' THEN 1 ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT account, region, vault, {} AS pending, {} AS asked, {} AS done, {} AS remaining, \
         {} AS failed, {} AS bytes_done FROM run_items WHERE list = $1 GROUP BY account, region, vault \
         ORDER BY account, region, vault",
        number("pending"),
        number("asked"),
        number("done"),
        number("left"),
        number("failed"),
        sum::bytes("CASE WHEN state = 'done' THEN size_bytes END"),
    );
    let rows: Vec<Row> = db.fetch_all(Sql::new(sql).arg(list.to_string())).await?;
    rows.into_iter()
        .map(|row| {
            Ok(TargetCounts {
                account: parsed(row.account)?,
                region: parsed(row.region)?,
                vault: row.vault,
                pending: unsigned(row.pending),
                asked: unsigned(row.asked),
                done: unsigned(row.done),
                left: unsigned(row.remaining),
                failed: unsigned(row.failed),
                bytes_done: unsigned(row.bytes_done),
            })
        })
        .collect()
}
