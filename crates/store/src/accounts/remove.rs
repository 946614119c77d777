use tidemark_domain::AccountId;
use tidemark_services::error::StoreError;

use crate::db::{Db, Sql};

pub(super) async fn remove(db: &Db, account: &AccountId) -> Result<(), StoreError> {
    let sql = Sql::new("DELETE FROM accounts WHERE account = $1").arg(account.as_str());
    if db.execute(sql).await? == 0 {
        return Err(StoreError::NotFound(format!("account {account}")));
    }
    Ok(())
}
