use tidemark_domain::Account;
use tidemark_services::error::StoreError;

use super::add::insert;
use crate::db::Db;

pub(super) async fn add_all(db: &Db, accounts: &[Account]) -> Result<Vec<bool>, StoreError> {
    let mut tx = db.begin().await?;
    let mut added = Vec::with_capacity(accounts.len());
    for account in accounts {
        added.push(tx.execute(insert(account)?).await? > 0);
    }
    tx.commit().await?;
    Ok(added)
}
