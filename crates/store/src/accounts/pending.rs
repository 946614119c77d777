use tidemark_domain::{AccountConnection, AccountId, PendingExternalId};
use tidemark_services::error::StoreError;

use crate::{
    convert::millis,
    db::{Db, Sql},
};

pub(super) async fn set(
    db: &Db,
    account: &AccountId,
    before: Option<&PendingExternalId>,
    pending: Option<&PendingExternalId>,
) -> Result<(), StoreError> {
    let mut sql = Sql::new(
        "UPDATE accounts SET pending_external_id = $2, pending_since = $3 WHERE account = $1 AND ",
    )
    .arg(account.as_str())
    .arg(pending.map(|pending| pending.external_id.to_string()))
    .arg(pending.map(|pending| millis(pending.since)));
    match before {
        None => sql.push("pending_external_id IS NULL"),
        Some(before) => sql
            .push("pending_external_id = ")
            .bind(before.external_id.as_str()),
    };
    if db.execute(sql).await? > 0 {
        return Ok(());
    }
    match super::get::get(db, account).await? {
        None => Err(StoreError::NotFound(format!("account {account}"))),
        Some(_) => Err(StoreError::Conflict(format!(
            "the external id of account {account} was changed meanwhile"
        ))),
    }
}

pub(super) async fn promote(db: &Db, connection: &AccountConnection) -> Result<bool, StoreError> {
    let sql = "UPDATE accounts SET external_id = pending_external_id, pending_external_id = NULL, \
               pending_since = NULL WHERE account = $1 AND pending_external_id = $2";
    let sql = Sql::new(sql)
        .arg(connection.account.as_str())
        .arg(connection.external_id.as_str());
    Ok(db.execute(sql).await? > 0)
}
