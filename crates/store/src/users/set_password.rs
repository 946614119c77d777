use tidemark_services::error::StoreError;
use uuid::Uuid;

use super::unknown;
use crate::db::{Db, Sql};

pub(super) async fn set_password(
    db: &Db,
    id: Uuid,
    hash: &str,
    must_change: bool,
) -> Result<(), StoreError> {
    let sql = "UPDATE users SET password_hash = $2, must_change_password = $3, \
               security_stamp = $4 WHERE id = $1";
    let sql = Sql::new(sql)
        .arg(id.to_string())
        .arg(hash)
        .arg(must_change)
        .arg(Uuid::new_v4().to_string());
    match db.execute(sql).await? {
        0 => Err(unknown(id)),
        _ => Ok(()),
    }
}
