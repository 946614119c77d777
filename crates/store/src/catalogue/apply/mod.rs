//! Applying what a sync read: compare with what is known, write only what differs.

mod copies;
mod diff;
mod events;
mod facets;
mod holds;
mod jobs;
mod kept;
mod lane_totals;
mod moved;
mod plans;
mod points;
mod refresh;
mod resources;
mod totals;
mod vanished;
mod vaults;
mod versioned;

use std::collections::BTreeSet;

use jiff::Timestamp;
use tidemark_domain::{Scope, ScopeError};
use tidemark_services::{
    error::StoreError,
    ports::{PartialFailure, ScopeSnapshot},
};

use super::LOCK;
use crate::{
    convert::{json, millis},
    db::{Db, Sql, Tx},
};
use kept::Kept;

pub(super) use lane_totals::{STEPS, keep_totals, source, start_of};
pub(super) use moved::{Axis, Moved};
pub(super) use refresh::refresh;
pub(super) use totals::Totals;

/// Replaces what is known of a scope, in one transaction. Rows belong to the scope whatever account
/// and Region they name. A scope that was read in part counts as read, and carries the first error.
pub(super) async fn apply_sync(
    db: &Db,
    scope: &Scope,
    snapshot: &ScopeSnapshot,
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = db.begin_in_line().await?;
    tx.lock(LOCK).await?;
    let scope_id = scope_id(&mut tx, scope).await?;
    let kept = Kept::of(&snapshot.partial);
    let until = snapshot.read_until.map_or(at, |until| until.max(at));

    vaults::apply(&mut tx, scope_id, &snapshot.vaults, &kept).await?;
    holds::apply(&mut tx, scope_id, &snapshot.holds, &kept).await?;
    let mut touched = BTreeSet::new();
    let mut totals = Totals::default();
    let mut moved = Moved::default();
    resources::apply(
        &mut tx,
        scope,
        scope_id,
        &snapshot.resources,
        &kept,
        &mut touched,
        &mut totals,
    )
    .await?;
    versioned::apply(&mut tx, scope_id, &snapshot.versioned, &kept).await?;
    copies::learn(&mut tx, snapshot).await?;
    let storage = points::apply(
        &mut tx,
        (scope, scope_id, until),
        &snapshot.points,
        &kept,
        &mut touched,
        &mut moved,
    )
    .await?;
    jobs::apply(
        &mut tx,
        scope_id,
        &snapshot.jobs,
        &kept,
        &mut touched,
        &mut moved,
    )
    .await?;
    plans::apply(
        &mut tx,
        scope_id,
        &snapshot.plans,
        &snapshot.plan_versions,
        &kept,
        at,
    )
    .await?;
    if snapshot.partial.is_empty() {
        vanished::apply(&mut tx, scope_id, (at, until), &mut touched, &mut moved).await?;
    }
    if let Some(settings) = &snapshot.settings {
        plans::apply_settings(&mut tx, scope_id, settings).await?;
    }
    events::forget_old(&mut tx, scope_id, at, &mut moved).await?;
    resources::mark_deleted(&mut tx, scope, &kept, &mut touched).await?;

    refresh(&mut tx, touched, &mut totals).await?;
    keep_totals(&mut tx, moved).await?;
    totals.write(&mut tx).await?;
    finish(&mut tx, scope_id, &storage, &snapshot.partial, at).await?;
    tx.commit().await
}

async fn scope_id(tx: &mut Tx, scope: &Scope) -> Result<i64, StoreError> {
    // The update changes nothing; without it a row that is there already would not be returned.
    let sql = "INSERT INTO scopes (account, region) VALUES ($1, $2) \
               ON CONFLICT (account, region) DO UPDATE SET region = excluded.region RETURNING id";
    let sql = Sql::new(sql)
        .arg(scope.account.as_str())
        .arg(scope.region.as_str());
    let row: Option<(i64,)> = tx.fetch_optional(sql).await?;
    row.map(|(id,)| id)
        .ok_or_else(|| StoreError::NotFound(format!("scope {} {}", scope.account, scope.region)))
}

async fn finish(
    tx: &mut Tx,
    scope_id: i64,
    storage: &points::Storage,
    partial: &[PartialFailure],
    at: Timestamp,
) -> Result<(), StoreError> {
    let error: Option<&ScopeError> = partial.first().map(|part| &part.error);
    let sql = "UPDATE scopes SET last_success = $2, last_attempt = $2, syncing = 0, error = $3, \
               reader = NULL, reading_until = NULL, points = $4, warm_bytes = $5, cold_bytes = $6 WHERE id = $1";
    let sql = Sql::new(sql)
        .arg(scope_id)
        .arg(millis(at))
        .arg(error.map(json).transpose()?)
        .arg(storage.points)
        .arg(storage.warm_bytes)
        .arg(storage.cold_bytes);
    tx.execute(sql).await?;
    Ok(())
}
