use std::collections::HashSet;

use jiff::Timestamp;
use tidemark_domain::plan::{PlanRecord, RegionSettings};
use tidemark_services::{error::StoreError, ports::KnownVersion};

use super::{
    diff::{delete, distinct, fingerprint, known, upsert},
    kept::Kept,
};
use crate::{
    convert::{json, millis},
    db::{Arg, Sql, Tx},
};

const INSERT: &str = "INSERT INTO plans (scope_id, plan_id, name, name_key, record, fingerprint)";
const REPLACE: &str = "ON CONFLICT (scope_id, plan_id) DO UPDATE SET name = excluded.name, \
     name_key = excluded.name_key, record = excluded.record, fingerprint = excluded.fingerprint";
const INSERT_VERSION: &str =
    "INSERT INTO plan_versions (scope_id, plan_id, version_id, created_at, deleted_at, plan)";
const KEEP_VERSION: &str = "ON CONFLICT (scope_id, plan_id, version_id) DO NOTHING";

/// Writes the plans of a scope. Versions stay for ever: points and jobs of years tell of them.
pub(super) async fn apply(
    tx: &mut Tx,
    scope_id: i64,
    plans: &[PlanRecord],
    versions: &[KnownVersion],
    kept: &Kept<'_>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "SELECT id, plan_id, fingerprint FROM plans WHERE scope_id = $1";
    let mut known = known(tx, Sql::new(sql).arg(scope_id)).await?;
    let mut rows = Vec::new();
    for plan in distinct(plans, |plan| &plan.id) {
        let fingerprint = fingerprint(plan)?;
        if known.remove(&plan.id).map(|(_, before)| before) == Some(fingerprint) {
            continue;
        }
        let name = plan.plan.backup_plan_name.as_str();
        rows.push([
            scope_id.into(),
            plan.id.as_str().into(),
            name.into(),
            name.to_lowercase().into(),
            json(plan)?.into(),
            fingerprint.into(),
        ]);
    }
    upsert(tx, INSERT, REPLACE, rows).await?;
    apply_versions(tx, scope_id, versions).await?;
    if kept.plans() {
        return Ok(());
    }
    for plan_id in known.keys() {
        let gone = "UPDATE plan_versions SET gone_at = $3 \
                    WHERE scope_id = $1 AND plan_id = $2 AND gone_at IS NULL";
        let sql = Sql::new(gone)
            .arg(scope_id)
            .arg(plan_id.as_str())
            .arg(millis(at));
        tx.execute(sql).await?;
    }
    delete(tx, "plans", known.into_values().map(|(id, _)| id)).await
}

async fn apply_versions(
    tx: &mut Tx,
    scope_id: i64,
    versions: &[KnownVersion],
) -> Result<(), StoreError> {
    let sql = "SELECT plan_id, version_id FROM plan_versions WHERE scope_id = $1";
    let known: Vec<(String, String)> = tx.fetch_all(Sql::new(sql).arg(scope_id)).await?;
    let mut known: HashSet<(String, String)> = known.into_iter().collect();
    let mut rows: Vec<[Arg; 6]> = Vec::new();
    for KnownVersion { plan_id, version } in versions {
        if !known.insert((plan_id.clone(), version.version_id.clone())) {
            continue;
        }
        rows.push([
            scope_id.into(),
            plan_id.as_str().into(),
            version.version_id.as_str().into(),
            millis(version.created_at).into(),
            version.deleted_at.map(millis).into(),
            json(&version.plan)?.into(),
        ]);
    }
    upsert(tx, INSERT_VERSION, KEEP_VERSION, rows).await
}

/// Writes what the Region lets AWS Backup do.
pub(super) async fn apply_settings(
    tx: &mut Tx,
    scope_id: i64,
    settings: &RegionSettings,
) -> Result<(), StoreError> {
    let sql = Sql::new("UPDATE scopes SET settings = $2 WHERE id = $1")
        .arg(scope_id)
        .arg(json(settings)?);
    tx.execute(sql).await?;
    Ok(())
}
