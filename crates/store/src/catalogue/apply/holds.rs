use tidemark_domain::LegalHold;
use tidemark_services::error::StoreError;

use super::{
    diff::{delete, distinct, fingerprint, known, upsert},
    kept::Kept,
};
use crate::{
    convert::{json, millis, signed},
    db::{Sql, Tx},
};

const INSERT: &str = "INSERT INTO legal_holds (scope_id, hold_id, arn, title, description, status, \
     created_at, cancelled_at, vaults, resources, from_at, until_at, points, fingerprint)";
const REPLACE: &str = "ON CONFLICT (scope_id, hold_id) DO UPDATE SET arn = excluded.arn, \
     title = excluded.title, description = excluded.description, status = excluded.status, \
     created_at = excluded.created_at, cancelled_at = excluded.cancelled_at, \
     vaults = excluded.vaults, resources = excluded.resources, from_at = excluded.from_at, \
     until_at = excluded.until_at, points = excluded.points, fingerprint = excluded.fingerprint";

pub(super) async fn apply(
    tx: &mut Tx,
    scope_id: i64,
    holds: &[LegalHold],
    kept: &Kept<'_>,
) -> Result<(), StoreError> {
    let sql = "SELECT id, hold_id, fingerprint FROM legal_holds WHERE scope_id = $1";
    let mut known = known(tx, Sql::new(sql).arg(scope_id)).await?;
    let mut rows = Vec::new();
    for hold in distinct(holds, |hold| &hold.id) {
        let fingerprint = fingerprint(hold)?;
        if known.remove(&hold.id).map(|(_, before)| before) == Some(fingerprint) {
            continue;
        }
        rows.push([
            scope_id.into(),
            hold.id.as_str().into(),
            hold.arn.as_str().into(),
            hold.title.as_str().into(),
            hold.description.as_str().into(),
            hold.status.as_str().into(),
            millis(hold.created_at).into(),
            hold.cancelled_at.map(millis).into(),
            json(&hold.vaults)?.into(),
            json(&hold.resources)?.into(),
            hold.from.map(millis).into(),
            hold.until.map(millis).into(),
            signed(hold.points).into(),
            fingerprint.into(),
        ]);
    }
    upsert(tx, INSERT, REPLACE, rows).await?;
    if !kept.holds() {
        delete(tx, "legal_holds", known.into_values().map(|(id, _)| id)).await?;
    }
    Ok(())
}
