use tidemark_domain::plan::{PlanKey, PlanVersion};
use tidemark_services::error::StoreError;

use crate::{
    convert::{from_json, optional_time, time},
    db::{Db, Sql},
};

type Row = (String, i64, Option<i64>, Option<i64>, String);

/// The versions of a plan that were ever read, newest first.
pub(super) async fn plan_versions(db: &Db, key: &PlanKey) -> Result<Vec<PlanVersion>, StoreError> {
    let sql = "SELECT v.version_id, v.created_at, v.deleted_at, v.gone_at, v.plan \
               FROM plan_versions v JOIN scopes s ON s.id = v.scope_id \
               WHERE s.account = $1 AND s.region = $2 AND v.plan_id = $3 \
               ORDER BY v.created_at DESC, v.id DESC";
    let sql = Sql::new(sql)
        .arg(key.account.as_str())
        .arg(key.region.as_str())
        .arg(key.id.as_str());
    let rows: Vec<Row> = db.fetch_all(sql).await?;
    rows.into_iter()
        .map(|(version_id, created_at, deleted_at, gone_at, plan)| {
            Ok(PlanVersion {
                version_id,
                created_at: time(created_at)?,
                deleted_at: optional_time(deleted_at.or(gone_at))?,
                plan: from_json(&plan)?,
            })
        })
        .collect()
}

/// How many points of the catalogue a plan made.
pub(super) async fn plan_points(db: &Db, key: &PlanKey) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM points p JOIN scopes s ON s.id = p.scope_id \
               WHERE p.plan_id = $1 AND s.account = $2 AND s.region = $3";
    let sql = Sql::new(sql)
        .arg(key.id.as_str())
        .arg(key.account.as_str())
        .arg(key.region.as_str());
    let row: Option<(i64,)> = db.fetch_optional(sql).await?;
    Ok(row.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)))
}
