use tidemark_domain::{Arn, RecoveryPoint};
use tidemark_services::error::StoreError;

use super::rows::{POINT, PointRow};
use crate::db::{Db, Sql};

/// More copies and members than a page shows.
const MOST: usize = 200;

/// Copies of a point and members of it, oldest first.
pub(super) async fn relatives(db: &Db, arn: &Arn) -> Result<Vec<RecoveryPoint>, StoreError> {
    let sql = format!(
        "SELECT {POINT} FROM points p JOIN scopes s ON s.id = p.scope_id \
         JOIN resources r ON r.id = p.resource_id \
         WHERE p.id IN (SELECT id FROM points WHERE copied_from = $1 \
         UNION SELECT id FROM points WHERE parent = $2) \
         ORDER BY p.created_at, p.id LIMIT {MOST}"
    );
    let sql = Sql::new(sql).arg(arn.as_str()).arg(arn.as_str());
    let rows: Vec<PointRow> = db.fetch_all(sql).await?;
    rows.into_iter().map(PointRow::read).collect()
}
