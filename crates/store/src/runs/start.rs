use tidemark_runs::{NewRun, RunId, RunState};
use tidemark_services::{
    audit::AuditEntry,
    error::StoreError,
    ports::{RunKeys, RunStarted},
};

use super::{create::write, micros};
use crate::{
    audit::append_within,
    db::{Db, Sql, corrupt},
};

/// The run that holds a key: its id, its state and when it was created.
type Holder = (String, String, i64);

pub(super) async fn start(
    db: &Db,
    new: &NewRun,
    keys: &RunKeys,
    entry: &AuditEntry,
) -> Result<RunStarted, StoreError> {
    let mut tx = db.begin().await?;
    // Held until the end: starts come one after another, so that what is read here still holds when it is written.
    tx.lock("audit").await?;
    let found = tx.fetch_optional(holder(&keys.repeat)).await?;
    if let Some(run) = same_wish(found, keys)? {
        return Ok(RunStarted::Repeat(run));
    }
    for target in &keys.targets {
        let found: Option<Holder> = tx.fetch_optional(holder(target)).await?;
        if let Some((id, state, _)) = found {
            let state: RunState = state.parse().map_err(corrupt)?;
            if !state.is_terminal() {
                return Ok(RunStarted::Taken {
                    target: target.clone(),
                    run: run_id(&id)?,
                });
            }
        }
    }
    write(&mut tx, new).await.map_err(store_error)?;
    for key in std::iter::once(&keys.repeat).chain(&keys.targets) {
        let sql = "INSERT INTO run_keys (key, run_id) VALUES ($1, $2) \
                   ON CONFLICT (key) DO UPDATE SET run_id = excluded.run_id";
        let sql = Sql::new(sql).arg(key.as_str()).arg(new.id.to_string());
        tx.execute(sql).await?;
    }
    append_within(&mut tx, entry).await?;
    tx.commit().await?;
    Ok(RunStarted::New(Box::new(new.to_run())))
}

pub(super) async fn repeated(db: &Db, keys: &RunKeys) -> Result<Option<RunId>, StoreError> {
    same_wish(db.fetch_optional(holder(&keys.repeat)).await?, keys)
}

/// The run, if it still is the same wish, or was a moment ago.
fn same_wish(found: Option<Holder>, keys: &RunKeys) -> Result<Option<RunId>, StoreError> {
    let Some((id, state, created_at)) = found else {
        return Ok(None);
    };
    let state: RunState = state.parse().map_err(corrupt)?;
    let just_done = matches!(
        state,
        RunState::Succeeded | RunState::SucceededWithWarnings | RunState::PartlyFailed
    ) && created_at > micros(keys.repeat_since);
    if just_done || !state.is_terminal() {
        return run_id(&id).map(Some);
    }
    Ok(None)
}

fn holder(key: &str) -> Sql {
    let sql = "SELECT runs.id, runs.state, runs.created_at FROM run_keys \
               JOIN runs ON runs.id = run_keys.run_id WHERE run_keys.key = $1";
    Sql::new(sql).arg(key)
}

fn run_id(text: &str) -> Result<RunId, StoreError> {
    text.parse().map_err(corrupt)
}

fn store_error(error: tidemark_runs::StoreError) -> StoreError {
    match error {
        tidemark_runs::StoreError::Unavailable(source) => source
            .downcast::<StoreError>()
            .map_or_else(StoreError::Database, |error| *error),
        other => corrupt(other),
    }
}
