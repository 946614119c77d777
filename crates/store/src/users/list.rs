use tidemark_services::{error::StoreError, ports::User};

use super::row::{COLUMNS, UserRow};
use crate::db::{Db, Sql};

pub(super) async fn list(db: &Db) -> Result<Vec<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users ORDER BY name_key");
    let rows: Vec<UserRow> = db.fetch_all(Sql::new(sql)).await?;
    rows.into_iter().map(UserRow::read).collect()
}
