use tidemark_services::{error::StoreError, ports::User};

use super::row::{COLUMNS, UserRow};
use crate::db::{Db, Sql};

pub(super) async fn by_name(db: &Db, name: &str) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE name_key = $1");
    let row: Option<UserRow> = db
        .fetch_optional(Sql::new(sql).arg(name.to_lowercase()))
        .await?;
    row.map(UserRow::read).transpose()
}
