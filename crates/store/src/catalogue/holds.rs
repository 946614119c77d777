use tidemark_domain::{LegalHold, Scope};
use tidemark_services::error::StoreError;

use super::rows::{HOLD, HoldRow};
use crate::db::{Db, Sql};

/// Newest first.
pub(super) async fn holds(db: &Db, scope: &Scope) -> Result<Vec<LegalHold>, StoreError> {
    let sql = format!(
        "SELECT {HOLD} FROM legal_holds h JOIN scopes s ON s.id = h.scope_id \
         WHERE s.account = $1 AND s.region = $2 ORDER BY h.created_at DESC, h.id DESC"
    );
    let sql = Sql::new(sql)
        .arg(scope.account.as_str())
        .arg(scope.region.as_str());
    let rows: Vec<HoldRow> = db.fetch_all(sql).await?;
    rows.into_iter().map(HoldRow::read).collect()
}
