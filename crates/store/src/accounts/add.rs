use tidemark_domain::{Account, Features};
use tidemark_services::error::StoreError;

use crate::{
    convert::{json, millis},
    db::{Db, Sql},
};

pub(super) async fn add(db: &Db, account: &Account) -> Result<(), StoreError> {
    if db.execute(insert(account)?).await? == 0 {
        return Err(StoreError::Conflict(format!(
            "account {} is registered already",
            account.connection.account
        )));
    }
    Ok(())
}

/// Adds it, unless it is there.
pub(super) fn insert(account: &Account) -> Result<Sql, StoreError> {
    let sql = "INSERT INTO accounts (account, alias, alias_key, role, external_id, regions, added_at, \
               features, pending_external_id, pending_since) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (account) DO NOTHING";
    let (connection, pending) = (&account.connection, account.pending.as_ref());
    Ok(Sql::new(sql)
        .arg(connection.account.as_str())
        .arg(account.alias.as_str())
        .arg(account.alias.to_lowercase())
        .arg(connection.role.as_str())
        .arg(connection.external_id.as_str())
        .arg(json(&account.regions)?)
        .arg(millis(account.added_at))
        .arg(features(&account.features)?)
        .arg(pending.map(|pending| pending.external_id.to_string()))
        .arg(pending.map(|pending| millis(pending.since))))
}

/// Empty is everything, whatever a later version can do.
pub(super) fn features(features: &Features) -> Result<String, StoreError> {
    if features.is_all() {
        Ok(String::new())
    } else {
        json(features)
    }
}
