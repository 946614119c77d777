use tidemark_services::error::StoreError;

use super::unknown;
use crate::db::{Db, Sql};

pub(super) async fn remove(db: &Db, id: &str) -> Result<(), StoreError> {
    let sql = Sql::new("DELETE FROM captures WHERE id = $1").arg(id);
    if db.execute(sql).await? == 0 {
        return Err(unknown(id));
    }
    Ok(())
}
