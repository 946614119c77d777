//! Lists of recovery points: a filter, a page.
//!
//! Each page first finds ids in an index alone, then reads the rows of just the page. Which index
//! leads follows from how many points match at most, which the sums of `point_facets` and
//! `resources` tell before anything is walked.

mod matches;
mod statement;

use tidemark_domain::{Page, PointFilter, RecoveryPoint};
use tidemark_services::error::StoreError;

use self::{
    matches::Matches,
    statement::{count, page},
};
use super::rows::PointRow;
use crate::{
    convert::unsigned,
    cursor,
    db::{Db, Sql},
};

/// Where a page ended: time of the last point, and its id.
type Key = (i64, i64);

/// So many points are counted where no sum tells their number; of more it is not said how many.
const MOST_COUNTED: i64 = 10_000;

pub(super) async fn points(
    db: &Db,
    filter: &PointFilter,
) -> Result<Page<RecoveryPoint>, StoreError> {
    let limit = cursor::limit(filter.limit, 1000)?;
    let list = list_name(filter);
    let after: Option<Key> = match &filter.cursor {
        Some(cursor) => Some(cursor::unpack(list, cursor)?),
        None => None,
    };
    let Some(matches) = Matches::plan(db, filter).await? else {
        return Ok(Page {
            total: Some(0),
            ..Page::default()
        });
    };
    let sql = page(filter, &matches, after, limit + 1, db.dialect());
    let mut rows: Vec<PointRow> = db.fetch_all(sql).await?;
    let has_next = rows.len() > limit;
    rows.truncate(limit);
    let next = match rows.last() {
        Some(end) if has_next => Some(cursor::pack(list, &(end.created_at, end.id))?),
        _ => None,
    };
    Ok(Page {
        items: rows
            .into_iter()
            .map(PointRow::read)
            .collect::<Result<_, _>>()?,
        next,
        total: total(db, filter, &matches).await?,
    })
}

/// A cursor is good for one order only.
fn list_name(filter: &PointFilter) -> &'static str {
    if filter.oldest_first {
        "points up"
    } else {
        "points"
    }
}

/// Known without counting where a sum tells it; counted where that is cheap.
async fn total(
    db: &Db,
    filter: &PointFilter,
    matches: &Matches,
) -> Result<Option<u64>, StoreError> {
    if let Some(sum) = matches.exact(filter) {
        return Ok(Some(unsigned(sum)));
    }
    let Some(sql) = count(filter, matches, MOST_COUNTED + 1, db.dialect()) else {
        return Ok(None);
    };
    let counted: Option<(i64,)> = db.fetch_optional(sql).await?;
    Ok(counted
        .map(|(number,)| number)
        .filter(|number| *number <= MOST_COUNTED)
        .map(unsigned))
}

/// All points, or none: the sum over every scope.
async fn all(db: &Db) -> Result<i64, StoreError> {
    let sql = "SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM scopes";
    let sum: Option<(i64,)> = db.fetch_optional(Sql::new(sql)).await?;
    Ok(sum.map_or(0, |(sum,)| sum))
}
