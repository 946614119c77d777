use tidemark_domain::records::{CaptureMode, CaptureStatus};
use tidemark_services::error::StoreError;

use super::unknown;
use crate::{
    convert::json,
    db::{Db, Sql},
};

pub(super) async fn mode(db: &Db, id: &str, mode: CaptureMode) -> Result<(), StoreError> {
    let sql = Sql::new("UPDATE captures SET mode = $1 WHERE id = $2")
        .arg(mode.as_str())
        .arg(id);
    if db.execute(sql).await? == 0 {
        return Err(unknown(id));
    }
    Ok(())
}

pub(super) async fn status(db: &Db, id: &str, status: &CaptureStatus) -> Result<(), StoreError> {
    let sql = Sql::new("UPDATE captures SET status = $1 WHERE id = $2")
        .arg(json(status)?)
        .arg(id);
    db.execute(sql).await?;
    Ok(())
}
