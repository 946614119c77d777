use tidemark_services::error::StoreError;

use crate::{
    convert::unsigned,
    db::{Db, Sql},
    sum,
};

pub(super) async fn storage(db: &Db) -> Result<(u64, u64, u64), StoreError> {
    let sql = format!(
        "SELECT {}, {}, CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM scopes",
        sum::bytes("warm_bytes"),
        sum::bytes("cold_bytes"),
    );
    let sums: Option<(i64, i64, i64)> = db.fetch_optional(Sql::new(sql)).await?;
    let (warm, cold, points) = sums.unwrap_or_default();
    Ok((unsigned(warm), unsigned(cold), unsigned(points)))
}
