use tidemark_services::error::StoreError;
use uuid::Uuid;

use crate::db::{Db, Sql};

pub(super) async fn set_password(
    db: &Db,
    id: Uuid,
    stamp: Uuid,
    hash: &str,
) -> Result<(), StoreError> {
    let sql = "UPDATE users SET password_hash = $3, must_change_password = $4, security_stamp = $5 \
               WHERE id = $1 AND security_stamp = $2";
    let sql = Sql::new(sql)
        .arg(id.to_string())
        .arg(stamp.to_string())
        .arg(hash)
        .arg(false)
        .arg(Uuid::new_v4().to_string());
    match db.execute(sql).await? {
        0 => Err(StoreError::Conflict(
            "the password or the role was changed by somebody else meanwhile".to_owned(),
        )),
        _ => Ok(()),
    }
}
