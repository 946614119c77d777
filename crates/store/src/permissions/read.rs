use tidemark_domain::{
    AccountId, Scope,
    permissions::{PermissionChange, PermissionReport, PermissionRow},
};
use tidemark_services::error::StoreError;

use crate::{
    convert::from_json,
    db::{Db, Sql},
};

pub(super) async fn report(db: &Db, scope: &Scope) -> Result<Option<PermissionReport>, StoreError> {
    let sql = "SELECT report FROM permission_reports \
               WHERE account = $1 AND region = $2 AND report IS NOT NULL";
    let sql = Sql::new(sql)
        .arg(scope.account.as_str())
        .arg(scope.region.as_str());
    let row: Option<(String,)> = db.fetch_optional(sql).await?;
    row.map(|(report,)| from_json(&report)).transpose()
}

pub(super) async fn rows(db: &Db) -> Result<Vec<PermissionRow>, StoreError> {
    let sql = "SELECT sums FROM permission_reports WHERE sums IS NOT NULL ORDER BY account, region";
    let rows: Vec<(String,)> = db.fetch_all(Sql::new(sql)).await?;
    rows.iter().map(|(sums,)| from_json(sums)).collect()
}

pub(super) async fn changes(
    db: &Db,
    account: &AccountId,
    limit: u16,
) -> Result<Vec<PermissionChange>, StoreError> {
    let sql = "SELECT change FROM permission_changes WHERE account = $1 \
               ORDER BY number DESC LIMIT $2";
    let sql = Sql::new(sql).arg(account.as_str()).arg(i64::from(limit));
    let rows: Vec<(String,)> = db.fetch_all(sql).await?;
    rows.iter().map(|(change,)| from_json(change)).collect()
}
