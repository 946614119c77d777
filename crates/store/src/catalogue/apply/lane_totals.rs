//! Totals by stretches of time for the few resources that have very many points, so that a timeline
//! of any length reads about as many rows as it has columns.

use tidemark_services::error::StoreError;

use super::{
    diff::by_ids,
    moved::{Axis, Moved, Stretches},
};
use crate::db::{Sql, Tx};

/// From so many points or events on a resource is dense. Below, counting them takes about a
/// millisecond.
const DENSE: i64 = 1000;

/// Lengths of the stretches in milliseconds, each a multiple of the one before.
pub(in super::super) const STEPS: [i64; 5] = [
    600_000,
    3_600_000,
    6 * 3_600_000,
    24 * 3_600_000,
    super::moved::WEEK,
];

#[derive(sqlx::FromRow)]
struct Standing {
    id: i64,
    dense: i64,
    points: i64,
    events: i64,
}

/// Brings the totals of the resources up to date. Their numbers of points must be so already.
pub(in super::super) async fn keep_totals(tx: &mut Tx, mut moved: Moved) -> Result<(), StoreError> {
    // Whether a resource is dense is settled by a look at no more of its events than matter.
    let standing = format!(
        "SELECT r.id, r.dense, r.points, (SELECT COUNT(*) FROM (SELECT 1 FROM events e \
         WHERE e.resource_id = r.id LIMIT {DENSE}) AS few) AS events FROM resources r WHERE r.id IN "
    );
    let mut standings: Vec<Standing> = Vec::new();
    let ids: Vec<i64> = moved.resources().collect();
    for sql in by_ids(&standing, ids) {
        standings.extend(tx.fetch_all::<Standing>(sql).await?);
    }
    for now in standings {
        let dense = now.points >= DENSE || now.events >= DENSE;
        let was = now.dense != 0;
        if !dense && !was {
            continue;
        }
        if dense != was {
            let sql = "UPDATE resources SET dense = $2 WHERE id = $1";
            tx.execute(Sql::new(sql).arg(now.id).arg(dense)).await?;
        }
        let stretches = moved.take(now.id);
        if !dense || !was || stretches.all {
            let sql = "DELETE FROM lane_totals WHERE resource_id = $1";
            tx.execute(Sql::new(sql).arg(now.id)).await?;
        }
        if dense {
            rebuild(tx, now.id, was, &stretches).await?;
        }
    }
    Ok(())
}

async fn rebuild(
    tx: &mut Tx,
    resource: i64,
    was: bool,
    stretches: &Stretches,
) -> Result<(), StoreError> {
    for axis in Axis::ALL {
        if !was || stretches.all {
            fill(tx, resource, axis, None).await?;
            continue;
        }
        for (from, until) in stretches.of(axis) {
            let sql = format!(
                "DELETE FROM lane_totals WHERE resource_id = $1 AND axis = {} \
                 AND step IN ({}) AND start >= $2 AND start < $3",
                axis as i64,
                STEPS.map(|step| step.to_string()).join(", ")
            );
            tx.execute(Sql::new(sql).arg(resource).arg(from).arg(until))
                .await?;
            fill(tx, resource, axis, Some((from, until))).await?;
        }
    }
    Ok(())
}

/// Counts the shortest stretches from the rows themselves, each longer one from the one before.
async fn fill(
    tx: &mut Tx,
    resource: i64,
    axis: Axis,
    range: Option<(i64, i64)>,
) -> Result<(), StoreError> {
    let (table, time, look) = source(axis);
    let step = STEPS[0];
    let start = start_of(time, &step.to_string());
    let sql = format!(
        "INSERT INTO lane_totals (resource_id, axis, step, start, look, number, last, newest) \
         SELECT resource_id, {}, {step}, {start}, {look}, COUNT(*), MAX({time}), MAX(id) \
         FROM {table} WHERE resource_id = $1 AND {time} IS NOT NULL",
        axis as i64
    );
    let end = format!(" GROUP BY resource_id, {start}, {look}");
    tx.execute(within(sql, resource, time, range, &end)).await?;
    for pair in STEPS.windows(2) {
        let (finer, step) = (pair[0], pair[1]);
        let start = start_of("start", &step.to_string());
        let sql = format!(
            "INSERT INTO lane_totals (resource_id, axis, step, start, look, number, last, newest) \
             SELECT resource_id, axis, {step}, {start}, look, CAST(SUM(number) AS BIGINT), \
             MAX(last), MAX(newest) FROM lane_totals \
             WHERE resource_id = $1 AND axis = {} AND step = {finer}",
            axis as i64
        );
        let end = format!(" GROUP BY resource_id, axis, {start}, look");
        tx.execute(within(sql, resource, "start", range, &end))
            .await?;
    }
    Ok(())
}

fn within(sql: String, resource: i64, time: &str, range: Option<(i64, i64)>, end: &str) -> Sql {
    let mut sql = Sql::new(sql).arg(resource);
    if let Some((from, until)) = range {
        sql.push(&format!(" AND {time} >= ")).bind(from);
        sql.push(&format!(" AND {time} < ")).bind(until);
    }
    sql.push(end);
    sql
}

/// Table, time and look of what an axis counts.
pub(in super::super) fn source(axis: Axis) -> (&'static str, &'static str, &'static str) {
    match axis {
        Axis::Made => ("points", "created_at", "look"),
        Axis::Cold => ("points", "cold_at", "look"),
        Axis::Gone => ("points", "delete_at", "look"),
        Axis::Events => ("events", "at", "kind"),
    }
}

/// SQL for the beginning of the stretch of a length that holds a time, before 1970 too.
pub(in super::super) fn start_of(time: &str, step: &str) -> String {
    format!("{time} - (({time} % {step}) + {step}) % {step}")
}
