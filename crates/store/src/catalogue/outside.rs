use tidemark_domain::{Scope, plan::VaultLimits, vaults::OutsidePoints};
use tidemark_services::error::StoreError;

use crate::{
    convert::unsigned,
    db::{Db, Sql},
};

/// How many points of a vault lie outside of limits: one walk through the vault's part of an index.
pub(super) async fn outside(
    db: &Db,
    scope: &Scope,
    vault: &str,
    limits: &VaultLimits,
) -> Result<OutsidePoints, StoreError> {
    let (least, most) = OutsidePoints::bounds(limits);
    // Times are kept in milliseconds; without a limit nothing lies outside.
    let least = least.map_or(i64::MIN, |seconds| seconds * 1000);
    let most = most.map_or(i64::MAX, |seconds| seconds * 1000);
    let mut sql = Sql::new(
        "SELECT COUNT(*), \
         CAST(COALESCE(SUM(CASE WHEN p.delete_at - p.created_at < ",
    );
    sql.bind(least)
        .push(" THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN p.delete_at - p.created_at > ")
        .bind(most)
        .push(
            " THEN 1 ELSE 0 END), 0) AS BIGINT), \
             CAST(COALESCE(SUM(CASE WHEN p.delete_at IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) \
             FROM points p JOIN point_facets f ON f.id = p.facet_id \
             JOIN scopes s ON s.id = f.scope_id WHERE s.account = ",
        )
        .bind(scope.account.as_str());
    sql.push(" AND s.region = ").bind(scope.region.as_str());
    sql.push(" AND f.vault = ").bind(vault);
    let counts: Option<(i64, i64, i64, i64)> = db.fetch_optional(sql).await?;
    let (points, too_short, too_long, forever) = counts.unwrap_or_default();
    Ok(OutsidePoints {
        points: unsigned(points),
        too_short: unsigned(too_short),
        too_long: unsigned(too_long),
        forever: unsigned(forever),
    })
}
