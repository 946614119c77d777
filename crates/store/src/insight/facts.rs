use tidemark_domain::{PitrWindow, coverage::CoverageFacts};
use tidemark_services::error::StoreError;

use crate::{
    convert::{from_json, optional_time, parsed, unsigned},
    db::{Db, Sql},
};

/// The moment that a point holds; a continuous one that is fed reaches to when it was last read.
const HOLDS: &str = "CASE WHEN p.source = 'continuous' AND p.status = 'AVAILABLE' \
                     THEN COALESCE(s.last_success, p.created_at) ELSE p.created_at END";

#[derive(sqlx::FromRow)]
struct Row {
    arn: String,
    resource_type: String,
    account: String,
    region: String,
    name: String,
    owner: Option<String>,
    tags: String,
    created_at: Option<i64>,
    pitr_earliest: Option<i64>,
    pitr_latest: Option<i64>,
    usable: i64,
    newest: Option<i64>,
    oldest: Option<i64>,
    newest_other_region: Option<i64>,
    newest_other_account: Option<i64>,
    newest_locked: Option<i64>,
    kept_for_ever: Option<i64>,
    longest_kept: Option<i64>,
    last_restore: Option<i64>,
}

pub(super) async fn facts(db: &Db, owner: Option<&str>) -> Result<Vec<CoverageFacts>, StoreError> {
    let mut sql = Sql::new(format!(
        "SELECT r.arn, r.resource_type, r.account, r.region, r.name, r.owner, r.tags, r.created_at, \
         r.pitr_earliest, r.pitr_latest, COALESCE(f.usable, 0) AS usable, f.newest, f.oldest, \
         f.newest_other_region, f.newest_other_account, f.newest_locked, f.kept_for_ever, \
         f.longest_kept, j.last_restore \
         FROM resources r LEFT JOIN (\
           SELECT p.resource_id, COUNT(*) AS usable, MAX({HOLDS}) AS newest, \
           MIN(p.created_at) AS oldest, \
           MAX(CASE WHEN s.region <> o.region THEN {HOLDS} END) AS newest_other_region, \
           MAX(CASE WHEN s.account <> o.account THEN {HOLDS} END) AS newest_other_account, \
           MAX(CASE WHEN p.locked = 1 THEN {HOLDS} END) AS newest_locked, \
           MAX(CASE WHEN p.delete_at IS NULL AND p.source <> 'continuous' THEN CAST(1 AS BIGINT) END) AS kept_for_ever, \
           MAX(CASE WHEN p.source <> 'continuous' THEN p.delete_at - p.created_at END) AS longest_kept \
           FROM points p JOIN scopes s ON s.id = p.scope_id JOIN resources o ON o.id = p.resource_id \
           WHERE p.usable = 1 GROUP BY p.resource_id\
         ) f ON f.resource_id = r.id LEFT JOIN (\
           SELECT resource_arn, MAX(completed_at) AS last_restore FROM jobs \
           WHERE kind = 'restore' AND status = 'COMPLETED' AND resource_arn IS NOT NULL \
           GROUP BY resource_arn\
         ) j ON j.resource_arn = r.arn WHERE r.deleted = 0"
    ));
    if let Some(owner) = owner {
        sql.push(" AND r.owner_key = ")
            .bind(owner.to_ascii_lowercase());
    }
    sql.push(" ORDER BY r.arn");
    let rows: Vec<Row> = db.fetch_all(sql).await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<CoverageFacts, StoreError> {
    let window = optional_time(row.pitr_earliest)?.zip(optional_time(row.pitr_latest)?);
    Ok(CoverageFacts {
        arn: parsed(row.arn)?,
        resource_type: row.resource_type.into(),
        account: parsed(row.account)?,
        region: parsed(row.region)?,
        name: row.name,
        owner: row.owner,
        tags: from_json(&row.tags)?,
        created_at: optional_time(row.created_at)?,
        pitr: window.map(|(earliest, latest)| PitrWindow { earliest, latest }),
        points: unsigned(row.usable),
        newest: optional_time(row.newest)?,
        oldest: optional_time(row.oldest)?,
        newest_other_region: optional_time(row.newest_other_region)?,
        newest_other_account: optional_time(row.newest_other_account)?,
        newest_locked: optional_time(row.newest_locked)?,
        longest_kept_days: match row.kept_for_ever {
            Some(_) => Some(i64::MAX),
            None => row.longest_kept.map(|millis| millis / 86_400_000),
        },
        last_restore: optional_time(row.last_restore)?,
        encrypted: None,
        plans: None,
    })
}
