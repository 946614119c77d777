use tidemark_domain::Account;
use tidemark_services::error::StoreError;

use super::row::{AccountRow, COLUMNS};
use crate::db::{Db, Sql};

pub(super) async fn list(db: &Db) -> Result<Vec<Account>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM accounts ORDER BY alias_key, account");
    let rows: Vec<AccountRow> = db.fetch_all(Sql::new(sql)).await?;
    rows.into_iter().map(AccountRow::read).collect()
}
