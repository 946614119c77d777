use std::collections::BTreeMap;

use tidemark_domain::{
    RecoveryPoint,
    timeline::{Lane, Mark},
};
use tidemark_services::ports::TimelineQuery;

use super::catalogue::Data;

/// The points of a resource between two moments; those on one column fall into one mark.
pub(crate) fn lane(data: &Data, query: &TimelineQuery) -> Lane {
    let columns = i64::from(query.columns.clamp(1, 4000));
    let from = query.from.as_millisecond();
    let span = (query.until.as_millisecond() - from).max(1);
    let mut by_column: BTreeMap<i64, Vec<&RecoveryPoint>> = BTreeMap::new();
    for point in data.points.values() {
        let inside = (query.from..=query.until).contains(&point.created_at);
        if inside && point.resource_arn == query.resource {
            let offset = point.created_at.as_millisecond() - from;
            let column = (offset * columns / span).min(columns - 1);
            by_column.entry(column).or_default().push(point);
        }
    }
    let marks: Vec<Mark> = by_column
        .values()
        .filter_map(|points| mark(points))
        .collect();
    Lane {
        resource: query.resource.clone(),
        from: query.from,
        until: query.until,
        points: marks.iter().map(|m| u64::from(m.count)).sum(),
        marks,
        band: data.resources.get(&query.resource).and_then(|r| r.pitr),
    }
}

fn mark(points: &[&RecoveryPoint]) -> Option<Mark> {
    let newest = points.iter().max_by_key(|p| (p.created_at, &p.arn))?;
    Some(Mark {
        at: newest.created_at,
        count: u32::try_from(points.len()).unwrap_or(u32::MAX),
        arn: newest.arn.clone(),
        tier: newest.tier,
        source: newest.source,
        status: newest.status.clone(),
        locked: points.iter().any(|p| p.locked),
    })
}
