//! Resources over time: counted by the columns of a screen, from totals where a resource is dense.

mod bands;
mod counts;
mod marks;

use std::collections::HashMap;

use tidemark_domain::{
    Arn, Invalid,
    timeline::{Columns, Lane},
};
use tidemark_services::{error::StoreError, ports::TimelineQuery};

use self::{counts::Counted, marks::Marks};
use super::apply::Axis;
use crate::{
    convert::{millis, parsed},
    db::{Db, Sql},
};

/// More columns than any screen has.
const MOST_COLUMNS: u16 = 4000;

/// More lanes than any screen has.
const MOST_LANES: usize = 200;

#[derive(sqlx::FromRow)]
struct ResourceRow {
    id: i64,
    arn: String,
    dense: i64,
    pitr_earliest: Option<i64>,
    pitr_latest: Option<i64>,
    versioned: i64,
    created_at: Option<i64>,
}

pub(super) async fn lanes(db: &Db, query: &TimelineQuery) -> Result<Vec<Lane>, StoreError> {
    let columns = columns(query)?;
    let (from, until) = columns.range();
    let mut sql = Sql::new(
        "SELECT id, arn, dense, pitr_earliest, pitr_latest, versioned, created_at \
         FROM resources WHERE arn IN ",
    );
    sql.list(query.resources.iter().map(Arn::as_str));
    let resources: Vec<ResourceRow> = if query.resources.is_empty() {
        Vec::new()
    } else {
        db.fetch_all(sql).await?
    };
    let mut marks: HashMap<i64, Marks> = HashMap::new();
    // What was to come before now has come, or is told by an event.
    let from_now = columns.from.max(millis(query.now));
    for (axis, first) in [
        (Axis::Made, columns.from),
        (Axis::Events, columns.from),
        (Axis::Cold, from_now),
        (Axis::Gone, from_now),
    ] {
        for dense in [false, true] {
            let ids = resources.iter().filter(|r| (r.dense != 0) == dense);
            let ids: Vec<i64> = ids.map(|r| r.id).collect();
            if ids.is_empty() || first >= columns.until {
                continue;
            }
            for (from, until) in stretches(&columns, first, dense) {
                let sql = counts::statement(axis, &ids, &columns, (from, until), dense);
                let rows: Vec<Counted> = db.fetch_all(sql).await?;
                for row in rows {
                    marks.entry(row.resource_id).or_default().add(axis, row)?;
                }
            }
        }
    }
    let mut bands = bands::bands(db, &resources, query.now).await?;
    let mut lanes: HashMap<String, Lane> = HashMap::with_capacity(resources.len());
    for resource in resources {
        let lane = Lane {
            resource: parsed(resource.arn.clone())?,
            from,
            until,
            step: columns.step,
            marks: marks.remove(&resource.id).unwrap_or_default().read()?,
            bands: bands.remove(&resource.id).unwrap_or_default(),
            planned_until: None,
        };
        lanes.insert(resource.arn, lane);
    }
    Ok(query
        .resources
        .iter()
        .map(|arn| {
            lanes.remove(arn.as_str()).unwrap_or_else(|| Lane {
                resource: arn.clone(),
                from,
                until,
                step: columns.step,
                marks: Vec::new(),
                bands: Vec::new(),
                planned_until: None,
            })
        })
        .collect())
}

/// From a moment to the end of the columns; where totals are to be read, the rest of the column that
/// is under way by itself, since no total tells of it.
fn stretches(columns: &Columns, first: i64, dense: bool) -> Vec<(i64, i64)> {
    let under_way = columns.start_of(first);
    if !dense || under_way == first {
        return vec![(first, columns.until)];
    }
    let next = under_way + columns.step;
    [(first, next.min(columns.until)), (next, columns.until)]
        .into_iter()
        .filter(|(from, until)| from < until)
        .collect()
}

fn columns(query: &TimelineQuery) -> Result<Columns, StoreError> {
    if !(2..=MOST_COLUMNS).contains(&query.columns) {
        let rule = format!("must be from 2 to {MOST_COLUMNS}");
        return Err(Invalid::new("columns", rule).into());
    }
    if query.resources.len() > MOST_LANES {
        let rule = format!("must be at most {MOST_LANES}");
        return Err(Invalid::new("resources", rule).into());
    }
    if query.until <= query.from {
        return Err(Invalid::new("until", "must be later than from").into());
    }
    Ok(Columns::covering(query.from, query.until, query.columns))
}
