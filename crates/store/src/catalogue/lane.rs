use tidemark_domain::{
    Invalid,
    timeline::{Lane, Mark},
};
use tidemark_services::{error::StoreError, ports::TimelineQuery};

use super::rows::window;
use crate::{
    convert::{from_word, millis, parsed, time},
    db::{Db, Sql},
};

/// More columns than any screen has.
const MOST_COLUMNS: u16 = 4000;

#[derive(sqlx::FromRow)]
struct MarkRow {
    at: i64,
    number: i64,
    locked: i64,
    arn: String,
    tier: String,
    source: String,
    status: String,
}

pub(super) async fn lane(db: &Db, query: &TimelineQuery) -> Result<Lane, StoreError> {
    let (from, until) = (millis(query.from), millis(query.until));
    if !(1..=MOST_COLUMNS).contains(&query.columns) {
        let rule = format!("must be from 1 to {MOST_COLUMNS}");
        return Err(Invalid::new("columns", rule).into());
    }
    if until <= from {
        return Err(Invalid::new("until", "must be later than from").into());
    }
    let mut lane = Lane {
        resource: query.resource.clone(),
        from: query.from,
        until: query.until,
        marks: Vec::new(),
        band: None,
        points: 0,
    };
    let resource = "SELECT id, pitr_earliest, pitr_latest FROM resources WHERE arn = $1";
    let resource: Option<(i64, Option<i64>, Option<i64>)> = db
        .fetch_optional(Sql::new(resource).arg(query.resource.as_str()))
        .await?;
    let Some((id, earliest, latest)) = resource else {
        return Ok(lane);
    };
    lane.band = window(earliest, latest)?;
    let rows: Vec<MarkRow> = db
        .fetch_all(marks(id, from, until, i64::from(query.columns)))
        .await?;
    for row in rows {
        let count = u32::try_from(row.number).unwrap_or(u32::MAX);
        lane.points += u64::from(count);
        lane.marks.push(Mark {
            at: time(row.at)?,
            count,
            arn: parsed(row.arn)?,
            tier: from_word(row.tier)?,
            source: from_word(row.source)?,
            status: row.status,
            locked: row.locked != 0,
        });
    }
    Ok(lane)
}

/// Counts per column in the index alone, then looks up only the newest point of each.
fn marks(resource: i64, from: i64, until: i64, columns: i64) -> Sql {
    let sql = "SELECT c.at, c.number, c.locked, p.arn, p.tier, p.source, p.status FROM (\
               SELECT MAX(created_at) AS at, COUNT(*) AS number, MAX(locked) AS locked \
               FROM points WHERE resource_id = $1 AND created_at >= $2 AND created_at <= $3 \
               GROUP BY (created_at - $2) * $4 / $5) AS c \
               JOIN points p ON p.id = (SELECT q.id FROM points q WHERE q.resource_id = $1 \
               AND q.created_at = c.at ORDER BY q.id DESC LIMIT 1) ORDER BY c.at";
    Sql::new(sql)
        .arg(resource)
        .arg(from)
        .arg(until)
        .arg(columns)
        .arg(until - from + 1)
}
