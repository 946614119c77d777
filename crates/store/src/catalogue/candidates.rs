use tidemark_domain::{Resource, Scope};
use tidemark_services::error::StoreError;

use super::rows::window;
use crate::{
    convert::{ABSENT, from_json, optional_time, parsed, unsigned},
    db::{Db, Sql},
};

#[derive(sqlx::FromRow)]
struct Row {
    arn: String,
    resource_type: String,
    name: String,
    tags: String,
    size_bytes: i64,
    created_at: Option<i64>,
    pitr_earliest: Option<i64>,
    pitr_latest: Option<i64>,
}

/// Every resource of a scope that exists, by ARN.
pub(super) async fn candidates(db: &Db, scope: &Scope) -> Result<Vec<Resource>, StoreError> {
    let sql = "SELECT arn, resource_type, name, tags, size_bytes, created_at, pitr_earliest, \
               pitr_latest FROM resources WHERE account = $1 AND region = $2 AND deleted = 0 \
               ORDER BY arn";
    let sql = Sql::new(sql)
        .arg(scope.account.as_str())
        .arg(scope.region.as_str());
    let rows: Vec<Row> = db.fetch_all(sql).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Resource {
                arn: parsed(row.arn)?,
                resource_type: row.resource_type.into(),
                account: scope.account.clone(),
                region: scope.region.clone(),
                name: row.name,
                tags: from_json(&row.tags)?,
                size_bytes: (row.size_bytes != ABSENT).then(|| unsigned(row.size_bytes)),
                created_at: optional_time(row.created_at)?,
                pitr: window(row.pitr_earliest, row.pitr_latest)?,
                deleted: false,
            })
        })
        .collect()
}
