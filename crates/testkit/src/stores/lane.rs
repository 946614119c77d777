use std::collections::BTreeMap;

use tidemark_domain::{
    Arn, RecoveryPoint,
    timeline::{Band, BandKind, Columns, Event, Lane, Look, Mark, MarkKind, Only},
};
use tidemark_services::ports::TimelineQuery;

use super::known::Data;

/// Something on a lane: its time, what it is, how it looks, what is told of it.
type Item = (i64, MarkKind, Option<Look>, Only);

/// What happened to the resources and is known of them; what falls on one column comes as one mark
/// per kind.
pub(crate) fn lanes(data: &Data, query: &TimelineQuery) -> Vec<Lane> {
    let columns = Columns::covering(query.from, query.until, query.columns);
    query
        .resources
        .iter()
        .map(|resource| lane(data, query, &columns, resource))
        .collect()
}

fn lane(data: &Data, query: &TimelineQuery, columns: &Columns, resource: &Arn) -> Lane {
    let mut by_column: BTreeMap<(i64, MarkKind), Vec<Item>> = BTreeMap::new();
    let now = query.now.as_millisecond();
    let points = data.points.values().filter(|p| p.resource_arn == *resource);
    let events = data.events.values().filter(|e| e.resource == *resource);
    for item in points.flat_map(items).chain(events.map(event)) {
        let (at, kind) = (item.0, item.1);
        let shown = (columns.from..columns.until).contains(&at);
        if shown && (!kind.is_future() || at >= now) {
            let column = (columns.start_of(at), kind);
            by_column.entry(column).or_default().push(item);
        }
    }
    let (from, until) = columns.range();
    let window = data.resources.get(resource).and_then(|r| r.pitr);
    Lane {
        resource: resource.clone(),
        from,
        until,
        step: columns.step,
        marks: by_column
            .into_iter()
            .filter_map(|((_, kind), items)| mark(kind, items))
            .collect(),
        bands: window
            .map(|window| Band {
                kind: BandKind::PointInTime,
                from: window.earliest,
                until: window.latest,
                point: None,
                capture: None,
            })
            .into_iter()
            .collect(),
        planned_until: None,
    }
}

fn items(point: &RecoveryPoint) -> Vec<Item> {
    let look = Look::of(point);
    let made = if look.copy {
        MarkKind::Copy
    } else {
        MarkKind::Point
    };
    let only = Only {
        key: point.arn.to_string(),
        vault: point.vault.clone(),
        copied_from: point.copied_from.clone(),
        note: None,
    };
    [
        (Some(point.created_at), made),
        (point.cold_at, MarkKind::GoesCold),
        (point.delete_at, MarkKind::Expires),
    ]
    .into_iter()
    .filter_map(|(at, kind)| Some((at?.as_millisecond(), kind, Some(look), only.clone())))
    .collect()
}

fn event(event: &Event) -> Item {
    let only = Only {
        key: event.key.clone(),
        vault: event.vault.clone(),
        copied_from: None,
        note: event.message.clone(),
    };
    (event.at.as_millisecond(), event.kind.into(), None, only)
}

fn mark(kind: MarkKind, mut items: Vec<Item>) -> Option<Mark> {
    let last = items.iter().map(|item| item.0).max()?;
    let mut looks: BTreeMap<Look, u32> = BTreeMap::new();
    for look in items.iter().filter_map(|item| item.2) {
        *looks.entry(look).or_default() += 1;
    }
    Some(Mark {
        at: jiff::Timestamp::from_millisecond(last).ok()?,
        kind,
        count: u32::try_from(items.len()).unwrap_or(u32::MAX),
        looks: looks.into_iter().collect(),
        only: (items.len() == 1).then(|| items.remove(0).3),
    })
}
