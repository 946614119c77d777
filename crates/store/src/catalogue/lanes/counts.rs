use tidemark_domain::timeline::Columns;

use super::super::apply::{Axis, STEPS, source, start_of};
use crate::db::Sql;

/// How many points or events of one look fall into one column of a resource's lane.
#[derive(sqlx::FromRow)]
pub(super) struct Counted {
    pub(super) resource_id: i64,
    pub(super) column_at: i64,
    pub(super) look: i64,
    pub(super) number: i64,
    pub(super) last: i64,
    /// Of the one, where there is one: ARN or job, vault, what it was copied from, what AWS said.
    pub(super) reference: Option<String>,
    pub(super) vault: Option<String>,
    pub(super) copied_from: Option<String>,
    pub(super) message: Option<String>,
}

/// Counts what an axis has of these resources from one moment to before another: in an index alone,
/// or, for dense resources, in the longest stretches that make up the columns. Only what stands
/// alone in its column is looked up.
pub(super) fn statement(
    axis: Axis,
    resources: &[i64],
    columns: &Columns,
    (from, until): (i64, i64),
    dense: bool,
) -> Sql {
    let step = columns.step.to_string();
    let (table, time, look) = source(axis);
    let totals = STEPS
        .into_iter()
        .rev()
        // Stretches that began before the first moment would count too much.
        .find(|length| columns.step % length == 0 && from % length == 0)
        .filter(|_| dense);
    let mut sql = Sql::new(
        "SELECT c.resource_id, c.column_at, c.look, c.number, c.last, ".to_owned()
            + match axis {
                Axis::Events => "x.reference, x.vault, NULL AS copied_from, x.message",
                _ => "x.arn AS reference, x.vault, x.copied_from, NULL AS message",
            }
            + " FROM (SELECT resource_id, ",
    );
    let time = if let Some(length) = totals {
        sql.push(&start_of("start", &step)).push(&format!(
            " AS column_at, look, CAST(SUM(number) AS BIGINT) AS number, MAX(last) AS last, \
             MAX(newest) AS newest FROM lane_totals WHERE axis = {} AND step = {length} ",
            axis as i64
        ));
        "start"
    } else {
        sql.push(&start_of(time, &step)).push(&format!(
            " AS column_at, {look} AS look, COUNT(*) AS number, MAX({time}) AS last, \
             MAX(id) AS newest FROM {table} WHERE id > 0 "
        ));
        time
    };
    sql.push("AND resource_id IN ")
        .list(resources.iter().copied());
    sql.push(&format!(" AND {time} >= ")).bind(from);
    sql.push(&format!(" AND {time} < ")).bind(until);
    sql.push(&format!(
        " GROUP BY resource_id, column_at, look) AS c \
         LEFT JOIN {table} x ON x.id = CASE WHEN c.number = 1 THEN c.newest END"
    ));
    sql
}
