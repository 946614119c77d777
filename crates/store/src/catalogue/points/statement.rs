//! The statement of a page.

use jiff::Timestamp;
use tidemark_domain::PointFilter;

use super::{
    Key,
    matches::{Facets, Matches, arn_of_point, facet_conditions},
};
use crate::{
    catalogue::rows::POINT,
    convert::millis,
    db::{Dialect, Sql},
};

/// Runs of an index that are merged; of more, the points are gathered or walked by time. Longer lists
/// are not searched point by point either.
const MOST_RUNS: usize = 24;

/// So many points are gathered and sorted without a thought.
const MOST_SORTED: i64 = 5_000;

/// Points of a usual page.
const PAGE: i64 = 50;

/// How the ids of a page are found.
enum Lead {
    /// By the resources, from the index of their points.
    Resources,
    /// By one resource, in the order of its points already.
    Resource(i64),
    /// By the combinations, all of whose points are gathered.
    Gather,
    /// By the combinations, each a run in order already.
    Merge,
    /// By time, leaving out what does not match.
    Walk,
}

/// Of `points` among all of them: whether gathering and sorting them takes less than walking all in
/// order until a page is full.
fn few(points: i64, matches: &Matches) -> bool {
    points <= MOST_SORTED || points.saturating_mul(points) <= PAGE.saturating_mul(matches.all)
}

fn lead(matches: &Matches) -> Lead {
    if let Some(resources) = &matches.resources {
        match &resources.listed {
            Some(listed) if listed.ids.len() == 1 => return Lead::Resource(listed.ids[0]),
            Some(listed) if few(listed.points, matches) => return Lead::Resources,
            _ => {}
        }
    }
    match &matches.facets {
        Some(facets) if few(facets.points, matches) => Lead::Gather,
        Some(Facets { ids: Some(ids), .. })
            if ids.len() <= MOST_RUNS && matches.resources.is_none() =>
        {
            Lead::Merge
        }
        _ => Lead::Walk,
    }
}

/// The rows of a page.
pub(super) fn page(
    filter: &PointFilter,
    matches: &Matches,
    after: Option<Key>,
    limit: usize,
    dialect: Dialect,
) -> Sql {
    let direction = if filter.oldest_first { "ASC" } else { "DESC" };
    let mut sql = Sql::new(format!("SELECT {POINT} FROM ("));
    ids(&mut sql, filter, matches, after, limit, dialect);
    // `CROSS JOIN` keeps SQLite to this order.
    sql.push(&format!(
        ") AS page CROSS JOIN points p CROSS JOIN scopes s CROSS JOIN resources r \
         WHERE p.id = page.id AND s.id = p.scope_id AND r.id = p.resource_id \
         ORDER BY p.created_at {direction}, p.id {direction} LIMIT {limit}"
    ));
    sql
}

/// How many match, up to a limit; none where that would walk too far.
pub(super) fn count(
    filter: &PointFilter,
    matches: &Matches,
    limit: i64,
    dialect: Dialect,
) -> Option<Sql> {
    if matches!(lead(matches), Lead::Walk) {
        let narrow = matches.facets.is_some() || matches.resources.is_some();
        if narrow {
            return None;
        }
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut sql = Sql::new("SELECT COUNT(*) FROM (");
    ids(&mut sql, filter, matches, None, limit, dialect);
    if matches!(lead(matches), Lead::Merge) {
        sql.push(&format!(" LIMIT {limit}"));
    }
    sql.push(") AS matching");
    Some(sql)
}

fn ids(
    sql: &mut Sql,
    filter: &PointFilter,
    matches: &Matches,
    after: Option<Key>,
    limit: usize,
    dialect: Dialect,
) {
    const FROM: &str = "SELECT id, created_at FROM points WHERE ";
    match lead(matches) {
        Lead::Resource(id) => {
            sql.push(FROM).push("resource_id = ").bind(id);
            not_other_facets(sql, filter, matches, dialect);
            window(sql, filter, after, limit, "");
        }
        Lead::Resources => {
            sql.push(FROM).push("resource_id");
            if let Some(resources) = &matches.resources {
                resources.push(sql, filter);
            }
            not_other_facets(sql, filter, matches, dialect);
            window(sql, filter, after, limit, " + 0");
        }
        Lead::Gather => {
            sql.push(FROM).push("facet_id");
            if let Some(facets) = &matches.facets {
                facets.push(sql, filter, dialect);
            }
            not_other_resources(sql, filter, matches);
            window(sql, filter, after, limit, " + 0");
        }
        Lead::Merge => {
            let runs = matches.facets.iter().filter_map(|f| f.ids.as_ref());
            for (index, facet) in runs.flatten().enumerate() {
                sql.push(if index == 0 { "" } else { " UNION ALL " });
                sql.push("SELECT id, created_at FROM (")
                    .push(FROM)
                    .push("facet_id = ")
                    .bind(*facet);
                window(sql, filter, after, limit, "");
                sql.push(") AS run");
            }
        }
        Lead::Walk => {
            sql.push(FROM).push("id > 0");
            if let Some(tier) = filter.tier {
                // What is old is mostly cold: each tier has an order by time of its own.
                sql.push(" AND tier = ").bind(tier.as_str());
            }
            not_other_facets(sql, filter, matches, dialect);
            not_other_resources(sql, filter, matches);
            // Nothing that matches lies beyond: the walk begins there.
            let filter = &within(filter, matches);
            window(sql, filter, after, limit, "");
        }
    }
}

/// The same filter without the times in which nothing matches.
fn within(filter: &PointFilter, matches: &Matches) -> PointFilter {
    let mut filter = filter.clone();
    if let Some(facets) = &matches.facets {
        let oldest = Timestamp::from_millisecond(facets.oldest).ok();
        filter.from = filter.from.max(oldest);
        let after_newest = Timestamp::from_millisecond(facets.newest.saturating_add(1)).ok();
        filter.until = match (filter.until, after_newest) {
            (Some(until), Some(newest)) => Some(until.min(newest)),
            (until, newest) => until.or(newest),
        };
    }
    filter
}

/// Leaves out points of combinations that do not match: told by a short list, else each looked at.
fn not_other_facets(sql: &mut Sql, filter: &PointFilter, matches: &Matches, dialect: Dialect) {
    let Some(facets) = &matches.facets else {
        return;
    };
    if let Some(ids) = facets.ids.as_ref().filter(|ids| ids.len() <= MOST_RUNS) {
        // Not by the index of combinations.
        sql.push(" AND facet_id + 0").among(ids, dialect);
    } else {
        sql.push(" AND COALESCE((SELECT 1 FROM point_facets f WHERE f.id = points.facet_id");
        facet_conditions(sql, filter);
        sql.push("), 0) = 1");
    }
}

/// Leaves out points of resources that do not match, in the same way.
fn not_other_resources(sql: &mut Sql, filter: &PointFilter, matches: &Matches) {
    let Some(resources) = &matches.resources else {
        return;
    };
    let listed = resources.listed.as_ref();
    if listed.is_some_and(|listed| listed.ids.len() <= MOST_RUNS) {
        sql.push(" AND resource_id + 0");
        resources.push(sql, filter);
    } else {
        sql.push(" AND COALESCE((SELECT 1 FROM resources WHERE id = points.resource_id");
        resources.conditions(sql, filter);
        sql.push("), 0) = 1");
    }
}

/// `by` keeps SQLite from taking the index by time for the sake of the order.
fn window(sql: &mut Sql, filter: &PointFilter, after: Option<Key>, limit: usize, by: &str) {
    if let Some(arn) = arn_of_point(filter) {
        sql.push(" AND arn = ").bind(arn);
    }
    // One bound at either end: of two, SQLite walks by the first that it meets.
    let begun = after.is_some();
    if let Some(from) = filter.from.filter(|_| !(begun && filter.oldest_first)) {
        sql.push(" AND created_at >= ").bind(millis(from));
    }
    if let Some(until) = filter.until.filter(|_| !begun || filter.oldest_first) {
        sql.push(" AND created_at < ").bind(millis(until));
    }
    let (direction, beyond) = if filter.oldest_first {
        ("ASC", ">")
    } else {
        ("DESC", "<")
    };
    if let Some((at, id)) = after {
        sql.push(&format!(" AND (created_at, id) {beyond} "))
            .rows([[at.into(), id.into()]]);
    }
    sql.push(&format!(
        " ORDER BY created_at{by} {direction}, id {direction} LIMIT {limit}"
    ));
}
