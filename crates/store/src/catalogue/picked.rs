use std::collections::BTreeMap;

use tidemark_domain::{RecoveryPoint, change::PointPick};
use tidemark_services::error::StoreError;

use super::{
    CHUNK,
    rows::{POINT, PointRow},
};
use crate::db::{Db, Sql};

/// The points that were picked, as far as they are known, by account and ARN.
pub(super) async fn picked(db: &Db, picks: &[PointPick]) -> Result<Vec<RecoveryPoint>, StoreError> {
    let mut by_account: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for pick in picks {
        let arns = by_account.entry(pick.account.as_str()).or_default();
        arns.push(pick.arn.as_str());
    }
    let mut points = Vec::with_capacity(picks.len());
    for (account, mut arns) in by_account {
        arns.sort_unstable();
        arns.dedup();
        for arns in arns.chunks(CHUNK) {
            let mut sql = Sql::new(format!(
                "SELECT {POINT} FROM points p JOIN scopes s ON s.id = p.scope_id \
                 JOIN resources r ON r.id = p.resource_id \
                 WHERE p.scope_id IN (SELECT id FROM scopes WHERE account = "
            ));
            sql.bind(account).push(") AND p.arn IN ");
            sql.list(arns.iter().copied()).push(" ORDER BY p.id");
            let rows: Vec<PointRow> = db.fetch_all(sql.once()).await?;
            for row in rows {
                points.push(row.read()?);
            }
        }
    }
    Ok(points)
}
