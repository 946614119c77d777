use tidemark_runs::{RunFilter, RunState};

use super::micros;
use crate::db::Sql;

/// Appends the filter's conditions to a `WHERE`.
pub(super) fn push(sql: &mut Sql, filter: &RunFilter) {
    let states = filter.states.iter().copied().map(RunState::as_str);
    any(sql, "state", states);
    any(sql, "kind", filter.kinds.iter().map(String::as_str));
    any(sql, "creator", filter.creators.iter().map(String::as_str));
    any(sql, "account", filter.accounts.iter().map(String::as_str));
    any(sql, "region", filter.regions.iter().map(String::as_str));
    any(sql, "resource", filter.resources.iter().map(String::as_str));
    if let Some(from) = filter.created_from {
        sql.push(" AND created_at >= ").bind(micros(from));
    }
    if let Some(before) = filter.created_before {
        sql.push(" AND created_at < ").bind(micros(before));
    }
}

fn any<'a>(sql: &mut Sql, column: &str, allowed: impl ExactSizeIterator<Item = &'a str>) {
    if allowed.len() > 0 {
        sql.push(&format!(" AND {column} IN ")).list(allowed);
    }
}
