use tidemark_domain::Account;
use tidemark_services::error::StoreError;

use super::add::features;
use crate::{
    catalogue,
    convert::json,
    db::{Db, Sql},
};

/// The catalogue forgets Regions that are no longer synced, since nothing would renew them.
pub(super) async fn update(db: &Db, account: &Account) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    let sql = "UPDATE accounts SET alias = $2, alias_key = $3, role = $4, external_id = $5, \
               regions = $6, features = $7 WHERE account = $1";
    let connection = &account.connection;
    let sql = Sql::new(sql)
        .arg(connection.account.as_str())
        .arg(account.alias.as_str())
        .arg(account.alias.to_lowercase())
        .arg(connection.role.as_str())
        .arg(connection.external_id.as_str())
        .arg(json(&account.regions)?)
        .arg(features(&account.features)?);
    if tx.execute(sql).await? == 0 {
        return Err(StoreError::NotFound(format!(
            "account {}",
            connection.account
        )));
    }
    catalogue::forget_other_regions(&mut tx, &connection.account, &account.regions).await?;
    tx.commit().await
}
