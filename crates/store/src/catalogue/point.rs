use tidemark_domain::{Arn, RecoveryPoint};
use tidemark_services::error::StoreError;

use super::rows::{POINT, PointRow};
use crate::db::{Db, Sql};

/// Asks scope by scope: points are indexed by scope first, which keeps a sync's writes together,
/// and there are a few hundred scopes at most.
pub(super) async fn point(db: &Db, arn: &Arn) -> Result<Option<RecoveryPoint>, StoreError> {
    let sql = format!(
        "SELECT {POINT} FROM points p JOIN scopes s ON s.id = p.scope_id \
         JOIN resources r ON r.id = p.resource_id \
         WHERE p.scope_id IN (SELECT id FROM scopes) AND p.arn = $1 ORDER BY p.id LIMIT 1"
    );
    let row: Option<PointRow> = db.fetch_optional(Sql::new(sql).arg(arn.as_str())).await?;
    row.map(PointRow::read).transpose()
}
