use jiff::{SignedDuration, Timestamp};
use tidemark_services::{error::StoreError, ports::Attempt};
use uuid::Uuid;

use super::unknown;
use crate::{
    convert::{millis, optional_time},
    db::{Db, Dialect, Sql},
};

pub(super) async fn begin_attempt(
    db: &Db,
    id: Uuid,
    at: Timestamp,
    pause_after: fn(u32) -> Option<SignedDuration>,
) -> Result<Attempt, StoreError> {
    let mut tx = db.begin().await?;
    let mut sql = Sql::new("SELECT failed_attempts, locked_until FROM users WHERE id = $1")
        .arg(id.to_string());
    if tx.dialect() == Dialect::Postgres {
        sql.push(" FOR UPDATE");
    }
    let known: Option<(i64, Option<i64>)> = tx.fetch_optional(sql).await?;
    let (failures, locked_until) = known.ok_or_else(|| unknown(id))?;
    if let Some(until) = optional_time(locked_until)?.filter(|until| *until > at) {
        tx.commit().await?;
        return Ok(Attempt::Locked(until));
    }
    let failures = u32::try_from(failures)
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    let until = pause_after(failures).and_then(|pause| at.checked_add(pause).ok());
    let sql = Sql::new("UPDATE users SET failed_attempts = $2, locked_until = $3 WHERE id = $1")
        .arg(id.to_string())
        .arg(i64::from(failures))
        .arg(until.map(millis));
    tx.execute(sql).await?;
    tx.commit().await?;
    Ok(Attempt::Counted(failures))
}
