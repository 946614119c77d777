use std::collections::HashMap;

use tidemark_runs::{ClaimRequest, Claimed, Run, RunEvent, StoreError};

use super::{
    caps::Caps,
    failed, micros,
    row::{COLUMNS, RunRow, from_json},
};
use crate::db::{Db, Dialect, Sql, Tx};

/// Runs per statement.
const CHUNK: usize = 250;

pub(super) async fn claim(db: &Db, request: &ClaimRequest) -> Result<Vec<Claimed>, StoreError> {
    if request.kinds.is_empty() || request.limit == 0 || nothing_due(db, request).await? {
        return Ok(Vec::new());
    }
    let mut tx = db.begin().await.map_err(failed)?;
    let mut caps = Caps::read(&mut tx, request).await?;
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let mut claims: Vec<Claimed> = Vec::new();
    // Each round either ends the search or brings someone to a cap, who is left out of the next.
    while claims.len() < limit {
        let wanted = (limit - claims.len()).min(CHUNK);
        let due = due(&mut tx, request, &caps, wanted).await?;
        let found = due.len();
        let chosen: Vec<Run> = due.into_iter().filter(|run| caps.admit(run)).collect();
        let admitted = chosen.len();
        claims.extend(take(&mut tx, request, chosen).await?);
        if found < wanted || admitted == 0 {
            break;
        }
    }
    tx.commit().await.map_err(failed)?;
    Ok(claims)
}

/// Looks without the right to write: idle workers ask often.
async fn nothing_due(db: &Db, request: &ClaimRequest) -> Result<bool, StoreError> {
    let mut sql = Sql::new("SELECT due_at FROM runs WHERE due_at IS NOT NULL AND due_at <= $1")
        .arg(micros(request.now));
    sql.push(" AND kind IN ")
        .list(request.kinds.iter().map(String::as_str))
        .push(" ORDER BY due_at LIMIT 1");
    let due: Option<(i64,)> = db.fetch_optional(sql).await.map_err(failed)?;
    Ok(due.is_none())
}

async fn due(
    tx: &mut Tx,
    request: &ClaimRequest,
    caps: &Caps,
    limit: usize,
) -> Result<Vec<Run>, StoreError> {
    let mut sql = Sql::new(format!(
        "SELECT {COLUMNS} FROM runs WHERE due_at IS NOT NULL AND due_at <= $1"
    ))
    .arg(micros(request.now));
    sql.push(" AND kind IN ")
        .list(request.kinds.iter().map(String::as_str));
    caps.push(&mut sql);
    sql.push(&format!(" ORDER BY due_at, id LIMIT {limit}"));
    if tx.dialect() == Dialect::Postgres {
        sql.push(" FOR UPDATE SKIP LOCKED");
    }
    let rows: Vec<RunRow> = tx.fetch_all(sql).await.map_err(failed)?;
    rows.into_iter().map(RunRow::read).collect()
}

/// Sets the leases and fetches the logs.
async fn take(
    tx: &mut Tx,
    request: &ClaimRequest,
    runs: Vec<Run>,
) -> Result<Vec<Claimed>, StoreError> {
    if runs.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || runs.iter().map(|run| run.id.to_string());
    let mut lease = Sql::new(
        "UPDATE runs SET lease_owner = $1, lease_expires = $2, lease_epoch = lease_epoch + 1 \
         WHERE id IN ",
    )
    .arg(request.owner.as_str())
    .arg(micros(request.until));
    lease.list(ids()).push(" RETURNING ").push(COLUMNS);
    let leased: Vec<RunRow> = tx.fetch_all(lease).await.map_err(failed)?;
    let mut leased: HashMap<String, RunRow> = leased
        .into_iter()
        .map(|row| (row.id.clone(), row))
        .collect();

    let mut log = Sql::new("SELECT run_id, event FROM run_events WHERE run_id IN ");
    log.list(ids()).push(" ORDER BY run_id, seq");
    let log: Vec<(String, String)> = tx.fetch_all(log).await.map_err(failed)?;
    let mut logs: HashMap<String, Vec<RunEvent>> = HashMap::new();
    for (run, event) in log {
        logs.entry(run).or_default().push(from_json(&event)?);
    }
    let mut claims = Vec::with_capacity(runs.len());
    for id in ids() {
        if let Some(row) = leased.remove(&id) {
            claims.push(Claimed {
                run: row.read()?,
                events: logs.remove(&id).unwrap_or_default(),
            });
        }
    }
    Ok(claims)
}
