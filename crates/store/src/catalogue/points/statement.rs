//! The statement of a page.

use tidemark_domain::PointFilter;

use super::{
    Key,
    matches::{Matches, arn_of_point, facet_conditions},
};
use crate::{catalogue::rows::POINT, convert::millis, db::Sql};

/// Runs of an index that are merged; of more, the points are gathered or walked by time.
const MOST_RUNS: usize = 24;

/// So many points are gathered and sorted.
const MOST_SORTED: i64 = 5_000;

/// Combinations that are listed one by one; of more, the statement names their conditions.
const MOST_LISTED: usize = 500;

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

fn lead(matches: &Matches) -> Lead {
    if let Some(resources) = &matches.resources {
        match resources.ids.as_deref() {
            Some([one]) => return Lead::Resource(*one),
            Some(_) if resources.points <= MOST_SORTED => return Lead::Resources,
            _ => {}
        }
    }
    match &matches.facets {
        Some(facets) if facets.points <= MOST_SORTED && facets.ids.len() <= MOST_LISTED => {
            Lead::Gather
        }
        Some(facets) if facets.ids.len() <= MOST_RUNS && matches.resources.is_none() => Lead::Merge,
        _ => Lead::Walk,
    }
}

/// The rows of a page.
pub(super) fn page(
    filter: &PointFilter,
    matches: &Matches,
    after: Option<Key>,
    limit: usize,
) -> Sql {
    let direction = if filter.oldest_first { "ASC" } else { "DESC" };
    let mut sql = Sql::new(format!("SELECT {POINT} FROM ("));
    ids(&mut sql, filter, matches, after, limit);
    // `CROSS JOIN` keeps SQLite to this order.
    sql.push(&format!(
        ") AS page CROSS JOIN points p CROSS JOIN scopes s CROSS JOIN resources r \
         WHERE p.id = page.id AND s.id = p.scope_id AND r.id = p.resource_id \
         ORDER BY p.created_at {direction}, p.id {direction} LIMIT {limit}"
    ));
    sql
}

/// How many match, up to a limit; none where that would walk too far.
pub(super) fn count(filter: &PointFilter, matches: &Matches, limit: i64) -> Option<Sql> {
    if matches!(lead(matches), Lead::Walk) {
        let narrow = matches.facets.is_some() || matches.resources.is_some();
        if narrow {
            return None;
        }
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut sql = Sql::new("SELECT COUNT(*) FROM (");
    ids(&mut sql, filter, matches, None, limit);
    if matches!(lead(matches), Lead::Merge) {
        sql.push(&format!(" LIMIT {limit}"));
    }
    sql.push(") AS matching");
    Some(sql)
}

fn ids(sql: &mut Sql, filter: &PointFilter, matches: &Matches, after: Option<Key>, limit: usize) {
    const FROM: &str = "SELECT id, created_at FROM points WHERE ";
    match lead(matches) {
        Lead::Resource(id) => {
            sql.push(FROM).push("resource_id = ").bind(id);
            with_facets(sql, filter, matches);
            window(sql, filter, after, limit, "");
        }
        Lead::Resources => {
            sql.push(FROM).push("resource_id IN ");
            with_resources(sql, filter, matches);
            with_facets(sql, filter, matches);
            window(sql, filter, after, limit, " + 0");
        }
        Lead::Gather => {
            let listed = matches.facets.iter().flat_map(|f| f.ids.iter().copied());
            sql.push(FROM).push("facet_id IN ").list(listed);
            if matches.resources.is_some() {
                sql.push(" AND resource_id + 0 IN ");
                with_resources(sql, filter, matches);
            }
            window(sql, filter, after, limit, " + 0");
        }
        Lead::Merge => {
            let runs = matches.facets.iter().flat_map(|f| f.ids.iter());
            for (index, facet) in runs.enumerate() {
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
            with_facets(sql, filter, matches);
            if matches.resources.is_some() {
                sql.push(" AND resource_id + 0 IN ");
                with_resources(sql, filter, matches);
            }
            if let Some(facets) = &matches.facets {
                // Nothing that matches lies beyond: the walk begins there.
                if filter.oldest_first {
                    sql.push(" AND created_at >= ").bind(facets.oldest);
                } else {
                    sql.push(" AND created_at <= ").bind(facets.newest);
                }
            }
            window(sql, filter, after, limit, "");
        }
    }
}

/// Leaves out the combinations that do not match; not by their index.
fn with_facets(sql: &mut Sql, filter: &PointFilter, matches: &Matches) {
    let Some(facets) = &matches.facets else {
        return;
    };
    sql.push(" AND facet_id + 0 IN ");
    if facets.ids.len() <= MOST_LISTED {
        sql.list(facets.ids.iter().copied());
    } else {
        sql.push("(SELECT f.id ");
        facet_conditions(sql, filter);
        sql.push(")");
    }
}

fn with_resources(sql: &mut Sql, filter: &PointFilter, matches: &Matches) {
    if let Some(resources) = &matches.resources {
        resources.push(sql, filter);
    }
}

/// `by` keeps SQLite from taking the index by time for the sake of the order.
fn window(sql: &mut Sql, filter: &PointFilter, after: Option<Key>, limit: usize, by: &str) {
    if let Some(arn) = arn_of_point(filter) {
        sql.push(" AND arn = ").bind(arn);
    }
    if let Some(from) = filter.from {
        sql.push(" AND created_at >= ").bind(millis(from));
    }
    if let Some(until) = filter.until {
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
