use jiff::Timestamp;
use tidemark_domain::Scope;
use tidemark_services::error::StoreError;

use crate::{
    convert::millis,
    db::{Db, Sql},
};

pub(super) async fn begin_sync(db: &Db, scope: &Scope, at: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT INTO scopes (account, region, last_attempt, syncing) VALUES ($1, $2, $3, 1) \
               ON CONFLICT (account, region) DO UPDATE \
               SET last_attempt = excluded.last_attempt, syncing = 1";
    let sql = Sql::new(sql)
        .arg(scope.account.as_str())
        .arg(scope.region.as_str())
        .arg(millis(at));
    db.execute(sql).await?;
    Ok(())
}
