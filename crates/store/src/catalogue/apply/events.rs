//! What left no recovery point, or left it no more: kept for timelines when AWS tells of it no longer.

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{Job, timeline::EventKind};
use tidemark_services::error::StoreError;

use super::{
    diff::{by_ids, by_values, delete, upsert},
    moved::Moved,
};
use crate::{
    convert::{millis, optional_time},
    db::{Arg, Sql, Tx},
};

/// How long events are kept: as long as the longest view that people ask for.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 800);

const INSERT: &str =
    "INSERT INTO events (scope_id, resource_id, kind, at, noted_at, reference, vault, message)";
const REPLACE: &str = "ON CONFLICT (scope_id, reference) DO UPDATE SET \
     resource_id = excluded.resource_id, kind = excluded.kind, at = excluded.at, \
     noted_at = excluded.noted_at, vault = excluded.vault, message = excluded.message";

/// An event to be written.
pub(super) struct NewEvent {
    resource: i64,
    kind: EventKind,
    at: i64,
    noted_at: i64,
    reference: String,
    vault: Option<String>,
    message: Option<String>,
}

impl NewEvent {
    /// A point that a reading no longer found.
    pub(super) fn gone(
        resource: i64,
        arn: String,
        vault: Option<String>,
        (made_at, delete_at): (i64, Option<i64>),
        now: Timestamp,
    ) -> Self {
        let due = optional_time(delete_at).ok().flatten();
        Self {
            resource,
            kind: EventKind::of_gone(due, now),
            at: made_at,
            noted_at: millis(now),
            reference: arn,
            vault,
            message: None,
        }
    }

    /// A job that made nothing.
    pub(super) fn failure(resource: i64, job: &Job, kind: EventKind) -> Self {
        Self {
            resource,
            kind,
            at: millis(job.created_at),
            noted_at: millis(job.completed_at.unwrap_or(job.created_at)),
            reference: job.id.clone(),
            vault: None,
            message: job.message.clone(),
        }
    }

    fn row(self, scope_id: i64) -> [Arg; 8] {
        [
            scope_id.into(),
            self.resource.into(),
            i64::from(self.kind.code()).into(),
            self.at.into(),
            self.noted_at.into(),
            self.reference.into(),
            self.vault.into(),
            self.message.into(),
        ]
    }
}

/// Writes events; of two of one point or job the later counts.
pub(super) async fn write(
    tx: &mut Tx,
    scope_id: i64,
    events: Vec<NewEvent>,
    moved: &mut Moved,
) -> Result<(), StoreError> {
    for event in &events {
        moved.event(event.resource, event.at);
    }
    let rows = events
        .into_iter()
        .map(|event| event.row(scope_id))
        .collect();
    upsert(tx, INSERT, REPLACE, rows).await
}

/// Takes back that points are gone: they are there again.
pub(super) async fn withdraw(
    tx: &mut Tx,
    scope_id: i64,
    arns: Vec<&str>,
    moved: &mut Moved,
) -> Result<(), StoreError> {
    let any = "SELECT id FROM events WHERE scope_id = $1 LIMIT 1";
    let any: Option<(i64,)> = tx.fetch_optional(Sql::new(any).arg(scope_id)).await?;
    if any.is_none() {
        return Ok(());
    }
    let mut gone = Vec::new();
    // The scope stands first, so that the index by scope and reference answers.
    let known = format!(
        "SELECT id, resource_id, at FROM events WHERE scope_id = {scope_id} AND reference IN "
    );
    for sql in by_values(&known, arns) {
        let rows: Vec<(i64, i64, i64)> = tx.fetch_all(sql).await?;
        for (id, resource, at) in rows {
            moved.event(resource, at);
            gone.push(id);
        }
    }
    delete(tx, "events", gone).await
}

/// Forgets what happened so long ago that nobody asks.
pub(super) async fn forget_old(
    tx: &mut Tx,
    scope_id: i64,
    now: Timestamp,
    moved: &mut Moved,
) -> Result<(), StoreError> {
    let Ok(before) = now.checked_sub(KEPT) else {
        return Ok(());
    };
    let old = "SELECT id, resource_id, at FROM events WHERE scope_id = $1 AND noted_at < $2";
    let old = Sql::new(old).arg(scope_id).arg(millis(before));
    let rows: Vec<(i64, i64, i64)> = tx.fetch_all(old).await?;
    for &(_, resource, at) in &rows {
        moved.event(resource, at);
    }
    for sql in by_ids(
        "DELETE FROM events WHERE id IN ",
        rows.into_iter().map(|row| row.0),
    ) {
        tx.execute(sql).await?;
    }
    Ok(())
}
