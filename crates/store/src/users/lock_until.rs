use jiff::Timestamp;
use tidemark_services::error::StoreError;
use uuid::Uuid;

use super::unknown;
use crate::{
    convert::millis,
    db::{Db, Sql},
};

pub(super) async fn lock_until(db: &Db, id: Uuid, until: Timestamp) -> Result<(), StoreError> {
    let sql = Sql::new("UPDATE users SET locked_until = $2 WHERE id = $1")
        .arg(id.to_string())
        .arg(millis(until));
    match db.execute(sql).await? {
        0 => Err(unknown(id)),
        _ => Ok(()),
    }
}
