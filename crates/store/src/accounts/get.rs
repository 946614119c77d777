use tidemark_domain::{Account, AccountId};
use tidemark_services::error::StoreError;

use super::row::{AccountRow, COLUMNS};
use crate::db::{Db, Sql};

pub(super) async fn get(db: &Db, account: &AccountId) -> Result<Option<Account>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM accounts WHERE account = $1");
    let row: Option<AccountRow> = db
        .fetch_optional(Sql::new(sql).arg(account.as_str()))
        .await?;
    row.map(AccountRow::read).transpose()
}
