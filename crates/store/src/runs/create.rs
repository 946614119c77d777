use tidemark_runs::{Creation, NewRun, StoreError};

use super::{
    failed, micros,
    row::{COLUMNS, RunRow, event, head, json},
};
use crate::db::{Db, Sql, Tx};

pub(super) async fn create(db: &Db, new: &NewRun) -> Result<Creation, StoreError> {
    let mut tx = db.begin().await.map_err(failed)?;
    if !write(&mut tx, new).await? {
        return existing(&mut tx, new).await;
    }
    tx.commit().await.map_err(failed)?;
    Ok(Creation::Created(new.to_run()))
}

/// Writes the run and its first event; answers whether it did, or the creator had used the key before.
pub(super) async fn write(tx: &mut Tx, new: &NewRun) -> Result<bool, StoreError> {
    if tx.execute(insert(new)?).await.map_err(failed)? == 0 {
        return Ok(false);
    }
    let mut log = Sql::new("INSERT INTO run_events (run_id, seq, event) VALUES ");
    log.rows([event(new.id, &new.first_event())?]);
    tx.execute(log).await.map_err(failed)?;
    Ok(true)
}

fn insert(new: &NewRun) -> Result<Sql, StoreError> {
    let mut sql = Sql::new(
        "INSERT INTO runs (id, kind, params_version, params, creator, reason, account, region, \
         resource, idempotency_key, created_at, seq, head, state, ended, wake_at, cancel_seen) \
         VALUES ",
    );
    let row = [
        new.id.to_string().into(),
        new.kind.as_str().into(),
        i64::from(new.params_version).into(),
        json(&new.params)?.into(),
        new.creator.as_str().into(),
        new.reason.as_str().into(),
        new.labels.account.as_deref().into(),
        new.labels.region.as_deref().into(),
        new.labels.resource.as_deref().into(),
        new.idempotency_key.as_deref().into(),
        micros(new.created_at).into(),
        1.into(),
    ];
    sql.rows([row.into_iter().chain(head(&new.head())?)]);
    sql.push(" ON CONFLICT (creator, idempotency_key) DO NOTHING");
    Ok(sql)
}

/// The run that the creator made before under the same key.
async fn existing(tx: &mut Tx, new: &NewRun) -> Result<Creation, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM runs WHERE creator = $1 AND idempotency_key = $2");
    let sql = Sql::new(sql)
        .arg(new.creator.as_str())
        .arg(new.idempotency_key.as_deref());
    let row: Option<RunRow> = tx.fetch_optional(sql).await.map_err(failed)?;
    let run = row.ok_or(StoreError::NotFound(new.id))?.read()?;
    Ok(Creation::Existing(run))
}
