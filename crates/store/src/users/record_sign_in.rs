use jiff::Timestamp;
use tidemark_services::error::StoreError;
use uuid::Uuid;

use super::unknown;
use crate::{
    convert::millis,
    db::{Db, Sql},
};

pub(super) async fn record_sign_in(db: &Db, id: Uuid, at: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE users SET failed_attempts = 0, locked_until = NULL, last_sign_in_at = $2 WHERE id = $1";
    let sql = Sql::new(sql).arg(id.to_string()).arg(millis(at));
    match db.execute(sql).await? {
        0 => Err(unknown(id)),
        _ => Ok(()),
    }
}
