use tidemark_services::{error::StoreError, ports::User};
use uuid::Uuid;

use super::row::{COLUMNS, UserRow};
use crate::db::{Db, Sql};

pub(super) async fn by_id(db: &Db, id: Uuid) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
    let row: Option<UserRow> = db.fetch_optional(Sql::new(sql).arg(id.to_string())).await?;
    row.map(UserRow::read).transpose()
}
