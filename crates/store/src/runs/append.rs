use std::sync::Arc;

use tidemark_runs::{Append, Appended, CancelRequest, Fence, Hold, StoreError};

use super::{
    failed,
    row::{event, from_json, head, number},
    together::Together,
};
use crate::{
    convert::unsigned,
    db::{Arg, Db, Dialect, Sql},
};

/// The log's last number, and the request to stop.
pub(super) type Moved = (i64, Option<String>);

pub(super) async fn append(
    db: &Db,
    together: &Together,
    append: Append,
) -> Result<Appended, StoreError> {
    let numbered = (append.expected_seq + 1..).zip(&append.events);
    if numbered.into_iter().any(|(seq, event)| event.seq != seq) {
        return Err(StoreError::Invalid(format!(
            "the events for run {} are not numbered from {}",
            append.run,
            append.expected_seq + 1
        )));
    }
    let append = Arc::new(append);
    let moved = match db.dialect() {
        Dialect::Sqlite => together.write(db, Arc::clone(&append)).await?,
        Dialect::Postgres => in_one_statement(db, &append).await?,
    };
    let Some((seq, cancel)) = moved else {
        return Err(refusal(db, &append).await?);
    };
    let seen = append.head.cancel_seen || append.head.state.is_terminal();
    let cancel: Option<CancelRequest> = match cancel {
        Some(cancel) if !seen => Some(from_json(&cancel)?),
        _ => None,
    };
    Ok(Appended {
        seq: unsigned(seq),
        cancel,
    })
}

/// Moves the run's row on, unless the writer is fenced off.
pub(super) fn update(append: &Append) -> Result<Sql, StoreError> {
    let last = append
        .events
        .last()
        .map_or(append.expected_seq, |event| event.seq);
    let [text, state, ended, wake_at, cancel_seen] = head(&append.head)?;
    let mut sql = Sql::new("UPDATE runs SET seq = ");
    sql.bind(number(last)?).push(", head = ").bind(text);
    sql.push(", state = ")
        .bind(state)
        .push(", ended = ")
        .bind(ended);
    sql.push(", wake_at = ").bind(wake_at);
    sql.push(", cancel_seen = ").bind(cancel_seen);
    if append.hold == Hold::Release || append.head.state.is_terminal() {
        sql.push(", lease_owner = NULL, lease_expires = NULL");
    }
    sql.push(" WHERE id = ").bind(append.run.to_string());
    sql.push(" AND ended = 0 AND seq = ")
        .bind(number(append.expected_seq)?);
    match &append.fence {
        Fence::Lease(key) if key.run == append.run => {
            sql.push(" AND lease_owner = ").bind(key.owner.as_str());
            sql.push(" AND lease_epoch = ").bind(number(key.epoch)?);
        }
        Fence::Lease(_) => {
            sql.push(" AND 1 = 0");
        }
        Fence::Unleased => {
            sql.push(" AND lease_owner IS NULL");
        }
    }
    sql.push(" RETURNING seq, cancel");
    Ok(sql)
}

pub(super) fn rows(append: &Append) -> Result<Vec<[Arg; 3]>, StoreError> {
    append
        .events
        .iter()
        .map(|entry| event(append.run, entry))
        .collect()
}

/// One round trip in place of four.
async fn in_one_statement(db: &Db, append: &Append) -> Result<Option<Moved>, StoreError> {
    let mut sql = update(append)?.within("WITH moved AS (", ")");
    if !append.events.is_empty() {
        sql.push(
            ", logged AS (INSERT INTO run_events (run_id, seq, event) \
             SELECT v.column1, v.column2, v.column3 FROM moved CROSS JOIN (VALUES ",
        );
        sql.rows(rows(append)?).push(") AS v)");
    }
    sql.push(" SELECT seq, cancel FROM moved");
    db.fetch_optional(sql).await.map_err(failed)
}

async fn refusal(db: &Db, append: &Append) -> Result<StoreError, StoreError> {
    let known = super::get::get(db, append.run).await?;
    Ok(match known {
        Some(_) => StoreError::Fenced(append.run),
        None => StoreError::NotFound(append.run),
    })
}
