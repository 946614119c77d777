use tidemark_domain::Account;
use tidemark_services::error::StoreError;

use crate::{
    convert::{json, millis},
    db::{Db, Sql},
};

pub(super) async fn add(db: &Db, account: &Account) -> Result<(), StoreError> {
    let sql = "INSERT INTO accounts (account, alias, alias_key, role, external_id, regions, added_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account) DO NOTHING";
    let connection = &account.connection;
    let sql = Sql::new(sql)
        .arg(connection.account.as_str())
        .arg(account.alias.as_str())
        .arg(account.alias.to_lowercase())
        .arg(connection.role.as_str())
        .arg(connection.external_id.as_str())
        .arg(json(&account.regions)?)
        .arg(millis(account.added_at));
    if db.execute(sql).await? == 0 {
        return Err(StoreError::Conflict(format!(
            "account {} is registered already",
            connection.account
        )));
    }
    Ok(())
}
