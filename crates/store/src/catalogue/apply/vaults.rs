use tidemark_domain::Vault;
use tidemark_services::error::StoreError;

use super::{
    diff::{delete, distinct, fingerprint, known, upsert},
    kept::Kept,
};
use crate::{
    convert::{millis, signed},
    db::{Sql, Tx},
};

const INSERT: &str = "INSERT INTO vaults (scope_id, name, arn, points, locked, lock_date, \
     min_retention_days, max_retention_days, kind, created_at, encryption_key, access_policy, \
     fingerprint)";
const REPLACE: &str = "ON CONFLICT (scope_id, name) DO UPDATE SET arn = excluded.arn, \
     points = excluded.points, locked = excluded.locked, lock_date = excluded.lock_date, \
     min_retention_days = excluded.min_retention_days, \
     max_retention_days = excluded.max_retention_days, kind = excluded.kind, \
     created_at = excluded.created_at, encryption_key = excluded.encryption_key, \
     access_policy = excluded.access_policy, fingerprint = excluded.fingerprint";

pub(super) async fn apply(
    tx: &mut Tx,
    scope_id: i64,
    vaults: &[Vault],
    kept: &Kept<'_>,
) -> Result<(), StoreError> {
    let sql = "SELECT id, name, fingerprint FROM vaults WHERE scope_id = $1";
    let mut known = known(tx, Sql::new(sql).arg(scope_id)).await?;
    let mut rows = Vec::new();
    for vault in distinct(vaults, |vault| &vault.name) {
        let mut vault = vault.clone();
        if kept.policy(&vault.name) {
            vault.access_policy = policy_before(tx, scope_id, &vault.name).await?;
        }
        let vault = &vault;
        let fingerprint = fingerprint(vault)?;
        if known.remove(&vault.name).map(|(_, before)| before) == Some(fingerprint) {
            continue;
        }
        rows.push([
            scope_id.into(),
            vault.name.as_str().into(),
            vault.arn.as_str().into(),
            signed(vault.points).into(),
            vault.locked.into(),
            vault.lock_date.map(millis).into(),
            vault.min_retention_days.into(),
            vault.max_retention_days.into(),
            vault.kind.as_str().into(),
            vault.created_at.map(millis).into(),
            vault.encryption_key.as_ref().map(AsRef::as_ref).into(),
            vault.access_policy.as_deref().into(),
            fingerprint.into(),
        ]);
    }
    upsert(tx, INSERT, REPLACE, rows).await?;
    if !kept.vaults() {
        delete(tx, "vaults", known.into_values().map(|(id, _)| id)).await?;
    }
    Ok(())
}

/// The access policy as it was last read.
async fn policy_before(
    tx: &mut Tx,
    scope_id: i64,
    vault: &str,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT access_policy FROM vaults WHERE scope_id = $1 AND name = $2";
    let row: Option<(Option<String>,)> = tx
        .fetch_optional(Sql::new(sql).arg(scope_id).arg(vault))
        .await?;
    Ok(row.and_then(|(policy,)| policy))
}
