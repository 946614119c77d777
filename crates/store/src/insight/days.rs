use jiff::civil::Date;
use tidemark_domain::coverage::DayCount;
use tidemark_services::error::StoreError;

use crate::{
    convert::{signed, unsigned},
    db::{Arg, Db, Sql, corrupt},
};

pub(super) async fn keep_day(db: &Db, day: Date, counts: &[DayCount]) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    tx.lock("control_days").await?;
    tx.execute(Sql::new("DELETE FROM control_days WHERE day = $1").arg(day.to_string()))
        .await?;
    if !counts.is_empty() {
        let mut sql =
            Sql::new("INSERT INTO control_days (day, control, passed, failed, unknown) VALUES ");
        sql.rows(counts.iter().map(|count| {
            [
                Arg::from(day.to_string()),
                Arg::from(count.control.as_str()),
                Arg::from(signed(count.passed)),
                Arg::from(signed(count.failed)),
                Arg::from(signed(count.unknown)),
            ]
        }));
        tx.execute(sql).await?;
    }
    tx.commit().await
}

#[derive(sqlx::FromRow)]
struct Row {
    day: String,
    control: String,
    passed: i64,
    failed: i64,
    unknown: i64,
}

pub(super) async fn days(db: &Db, from: Date) -> Result<Vec<DayCount>, StoreError> {
    let sql = "SELECT day, control, passed, failed, unknown FROM control_days WHERE day >= $1 \
               ORDER BY day, control";
    let rows: Vec<Row> = db.fetch_all(Sql::new(sql).arg(from.to_string())).await?;
    rows.into_iter()
        .map(|row| {
            Ok(DayCount {
                day: row.day.parse().map_err(corrupt)?,
                control: row.control,
                passed: unsigned(row.passed),
                failed: unsigned(row.failed),
                unknown: unsigned(row.unknown),
            })
        })
        .collect()
}
