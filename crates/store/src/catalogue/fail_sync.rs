use jiff::Timestamp;
use tidemark_domain::{Scope, ScopeError};
use tidemark_services::error::StoreError;

use crate::{
    convert::{json, millis},
    db::{Db, Sql},
};

pub(super) async fn fail_sync(
    db: &Db,
    scope: &Scope,
    error: &ScopeError,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO scopes (account, region, last_attempt, error) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (account, region) DO UPDATE \
               SET last_attempt = excluded.last_attempt, error = excluded.error, syncing = 0, \
               reader = NULL, reading_until = NULL";
    let sql = Sql::new(sql)
        .arg(scope.account.as_str())
        .arg(scope.region.as_str())
        .arg(millis(at))
        .arg(json(error)?);
    db.execute(sql).await?;
    Ok(())
}
