use tidemark_services::error::StoreError;
use uuid::Uuid;

use super::unknown;
use crate::db::{Db, Sql};

pub(super) async fn clear_attempts(db: &Db, id: Uuid) -> Result<(), StoreError> {
    let sql = "UPDATE users SET failed_attempts = 0, locked_until = NULL WHERE id = $1";
    match db.execute(Sql::new(sql).arg(id.to_string())).await? {
        0 => Err(unknown(id)),
        _ => Ok(()),
    }
}
