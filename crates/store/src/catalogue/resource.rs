use tidemark_domain::{Arn, Protection, Resource, ResourceDetail, Scope, ScopeState};
use tidemark_services::error::StoreError;

use super::rows::{SCOPE, ScopeRow, window};
use crate::{
    convert::{ABSENT, from_json, optional_time, parsed, present_time, unsigned},
    db::{Db, Sql, corrupt},
};

#[derive(sqlx::FromRow)]
struct DetailRow {
    arn: String,
    resource_type: String,
    account: String,
    alias: String,
    region: String,
    name: String,
    tags: String,
    size_bytes: i64,
    created_at: Option<i64>,
    pitr_earliest: Option<i64>,
    pitr_latest: Option<i64>,
    deleted: i64,
    points: i64,
    newest_at: i64,
    protection: String,
}

pub(super) async fn resource(db: &Db, arn: &Arn) -> Result<Option<ResourceDetail>, StoreError> {
    let sql = "SELECT r.arn, r.resource_type, r.account, COALESCE(a.alias, r.account) AS alias, \
               r.region, r.name, r.tags, r.size_bytes, r.created_at, r.pitr_earliest, \
               r.pitr_latest, r.deleted, r.points, r.newest_at, r.protection \
               FROM resources r LEFT JOIN accounts a ON a.account = r.account WHERE r.arn = $1";
    let row: Option<DetailRow> = db.fetch_optional(Sql::new(sql).arg(arn.as_str())).await?;
    let Some(row) = row else { return Ok(None) };
    let scope = Scope {
        account: parsed(row.account)?,
        region: parsed(row.region)?,
    };
    Ok(Some(ResourceDetail {
        alias: row.alias,
        protection: Protection::parse(&row.protection)
            .ok_or_else(|| corrupt("an unknown protection"))?,
        points: unsigned(row.points),
        newest_point: present_time(row.newest_at)?,
        records: Vec::new(),
        resource: Resource {
            arn: parsed(row.arn)?,
            resource_type: row.resource_type.into(),
            account: scope.account.clone(),
            region: scope.region.clone(),
            name: row.name,
            tags: from_json(&row.tags)?,
            size_bytes: (row.size_bytes != ABSENT).then(|| unsigned(row.size_bytes)),
            created_at: optional_time(row.created_at)?,
            pitr: window(row.pitr_earliest, row.pitr_latest)?,
            deleted: row.deleted != 0,
        },
        scope: state(db, scope).await?,
    }))
}

async fn state(db: &Db, scope: Scope) -> Result<ScopeState, StoreError> {
    let sql = format!("SELECT {SCOPE} FROM scopes s WHERE account = $1 AND region = $2");
    let sql = Sql::new(sql)
        .arg(scope.account.as_str())
        .arg(scope.region.as_str());
    let row: Option<ScopeRow> = db.fetch_optional(sql).await?;
    row.map_or_else(|| Ok(ScopeState::never(scope)), ScopeRow::read)
}
