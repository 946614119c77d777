use tidemark_domain::{Page, PointFilter, RecoveryPoint};
use tidemark_services::error::StoreError;

use super::rows::{POINT, PointRow};
use crate::{
    convert::{millis, unsigned},
    cursor,
    db::{Db, Sql},
};

/// Where a page ended: time of the last point, and its id.
type Key = (i64, i64);

const LIST: &str = "points";

/// Scopes whose runs are merged; of more, the points are walked by time, since most of them match.
const MOST_RUNS: usize = 24;

pub(super) async fn points(
    db: &Db,
    filter: &PointFilter,
) -> Result<Page<RecoveryPoint>, StoreError> {
    let limit = cursor::limit(filter.limit, 1000)?;
    let after: Option<Key> = match &filter.cursor {
        Some(cursor) => Some(cursor::unpack(LIST, cursor)?),
        None => None,
    };
    let Some(lanes) = lanes(db, filter).await? else {
        return Ok(Page::default());
    };
    let sql = statement(filter, &lanes, after, limit + 1);
    let mut rows: Vec<PointRow> = db.fetch_all(sql).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = match rows.last() {
        Some(last) if more => Some(cursor::pack(LIST, &(last.created_at, last.id))?),
        _ => None,
    };
    Ok(Page {
        items: rows
            .into_iter()
            .map(PointRow::read)
            .collect::<Result<_, _>>()?,
        next,
        total: total(db, filter, &lanes).await?,
    })
}

/// Which run of an index answers the filter: each is in order of time already.
enum Lanes {
    /// The points of one resource, in some scopes if given.
    Resource(i64, Option<Vec<i64>>),
    /// The points of some scopes, each a run of its own.
    Scopes(Vec<i64>),
    /// All points.
    All,
}

/// None when nothing can match.
async fn lanes(db: &Db, filter: &PointFilter) -> Result<Option<Lanes>, StoreError> {
    let scopes = if filter.account.is_some() || filter.region.is_some() {
        let mut sql = Sql::new("SELECT id FROM scopes WHERE points > 0");
        if let Some(account) = &filter.account {
            sql.push(" AND account = ").bind(account.as_str());
        }
        if let Some(region) = &filter.region {
            sql.push(" AND region = ").bind(region.as_str());
        }
        let ids: Vec<(i64,)> = db.fetch_all(sql).await?;
        if ids.is_empty() {
            return Ok(None);
        }
        Some(ids.into_iter().map(|(id,)| id).collect::<Vec<_>>())
    } else {
        None
    };
    let Some(arn) = &filter.resource else {
        return Ok(Some(scopes.map_or(Lanes::All, Lanes::Scopes)));
    };
    let sql = Sql::new("SELECT id FROM resources WHERE arn = $1").arg(arn.as_str());
    let resource: Option<(i64,)> = db.fetch_optional(sql).await?;
    Ok(resource.map(|(id,)| Lanes::Resource(id, scopes)))
}

fn statement(filter: &PointFilter, lanes: &Lanes, after: Option<Key>, limit: usize) -> Sql {
    // First the ids, from an index alone; then the rows of just the page. `CROSS JOIN` keeps SQLite
    // to this order.
    let mut sql = Sql::new(format!("SELECT {POINT} FROM ("));
    match lanes {
        Lanes::Resource(id, scopes) => {
            sql.push("SELECT id, created_at FROM points WHERE resource_id = ")
                .bind(*id);
            if let Some(scopes) = scopes {
                // Not by the index of the scopes: the resource has the fewer points.
                sql.push(" AND scope_id + 0 IN ")
                    .list(scopes.iter().copied());
            }
            window(&mut sql, filter, after, limit);
        }
        Lanes::Scopes(scopes) if scopes.len() <= MOST_RUNS => {
            for (index, scope) in scopes.iter().enumerate() {
                sql.push(if index == 0 { "" } else { " UNION ALL " });
                sql.push(
                    "SELECT id, created_at FROM \
                     (SELECT id, created_at FROM points WHERE scope_id = ",
                )
                .bind(*scope);
                window(&mut sql, filter, after, limit);
                sql.push(") AS run");
            }
        }
        Lanes::Scopes(scopes) => {
            sql.push("SELECT id, created_at FROM points WHERE scope_id + 0 IN ")
                .list(scopes.iter().copied());
            window(&mut sql, filter, after, limit);
        }
        Lanes::All => {
            sql.push("SELECT id, created_at FROM points WHERE id > 0");
            window(&mut sql, filter, after, limit);
        }
    }
    sql.push(&format!(
        ") AS page CROSS JOIN points p CROSS JOIN scopes s CROSS JOIN resources r \
         WHERE p.id = page.id AND s.id = p.scope_id AND r.id = p.resource_id \
         ORDER BY p.created_at DESC, p.id DESC LIMIT {limit}"
    ));
    sql
}

fn window(sql: &mut Sql, filter: &PointFilter, after: Option<Key>, limit: usize) {
    if let Some(from) = filter.from {
        sql.push(" AND created_at >= ").bind(millis(from));
    }
    if let Some(until) = filter.until {
        sql.push(" AND created_at < ").bind(millis(until));
    }
    if let Some((at, id)) = after {
        sql.push(" AND (created_at, id) < ")
            .rows([[at.into(), id.into()]]);
    }
    sql.push(&format!(" ORDER BY created_at DESC, id DESC LIMIT {limit}"));
}

/// Known without counting as long as no times are asked for.
async fn total(db: &Db, filter: &PointFilter, lanes: &Lanes) -> Result<Option<u64>, StoreError> {
    if filter.from.is_some() || filter.until.is_some() {
        return Ok(None);
    }
    let sql = match lanes {
        Lanes::Resource(_, Some(_)) => return Ok(None),
        Lanes::Resource(id, None) => {
            Sql::new("SELECT points FROM resources WHERE id = $1").arg(*id)
        }
        Lanes::Scopes(scopes) => {
            let mut sql = Sql::new("SELECT CAST(SUM(points) AS BIGINT) FROM scopes WHERE id IN ");
            sql.list(scopes.iter().copied());
            sql
        }
        Lanes::All => Sql::new("SELECT CAST(SUM(points) AS BIGINT) FROM scopes"),
    };
    let sum: Option<(Option<i64>,)> = db.fetch_optional(sql).await?;
    Ok(Some(unsigned(sum.and_then(|(sum,)| sum).unwrap_or(0))))
}
