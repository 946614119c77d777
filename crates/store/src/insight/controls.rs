use jiff::Timestamp;
use tidemark_domain::coverage::{Control, ControlChange};
use tidemark_services::error::StoreError;

use crate::{
    convert::{from_json, json, millis, time},
    db::{Db, Sql, Tx},
};

pub(super) async fn controls(db: &Db) -> Result<Vec<Control>, StoreError> {
    let rows: Vec<(String,)> = db
        .fetch_all(Sql::new("SELECT control FROM controls ORDER BY id"))
        .await?;
    rows.iter().map(|(control,)| from_json(control)).collect()
}

pub(super) async fn put_control(
    db: &Db,
    control: &Control,
    by: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let text = json(control)?;
    let mut tx = db.begin().await?;
    let sql = "INSERT INTO controls (id, control) VALUES ($1, $2) \
               ON CONFLICT (id) DO UPDATE SET control = excluded.control";
    tx.execute(Sql::new(sql).arg(control.id.as_str()).arg(text.as_str()))
        .await?;
    keep(&mut tx, &control.id, Some(&text), by, at).await?;
    tx.commit().await
}

pub(super) async fn remove_control(
    db: &Db,
    id: &str,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let mut tx = db.begin().await?;
    let gone = tx
        .execute(Sql::new("DELETE FROM controls WHERE id = $1").arg(id))
        .await?;
    if gone > 0 {
        keep(&mut tx, id, None, by, at).await?;
    }
    tx.commit().await?;
    Ok(gone > 0)
}

async fn keep(
    tx: &mut Tx,
    id: &str,
    control: Option<&str>,
    by: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO control_changes (changed_at, changed_by, id, control) VALUES ($1, $2, $3, $4)";
    tx.execute(Sql::new(sql).arg(millis(at)).arg(by).arg(id).arg(control))
        .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    changed_at: i64,
    changed_by: String,
    id: String,
    control: Option<String>,
}

pub(super) async fn control_changes(db: &Db, limit: u16) -> Result<Vec<ControlChange>, StoreError> {
    let sql = "SELECT changed_at, changed_by, id, control FROM control_changes \
               ORDER BY number DESC LIMIT $1";
    let rows: Vec<ChangeRow> = db.fetch_all(Sql::new(sql).arg(i64::from(limit))).await?;
    rows.into_iter()
        .map(|row| {
            Ok(ControlChange {
                at: time(row.changed_at)?,
                by: row.changed_by,
                id: row.id,
                control: row.control.as_deref().map(from_json).transpose()?,
            })
        })
        .collect()
}
