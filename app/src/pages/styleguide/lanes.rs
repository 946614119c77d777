use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use leptos::prelude::*;
use tidemark_domain::{
    AccountId, Arn, Invalid, PointSource, Region, ResourceRow, ResourceType, Tier,
    timeline::{Band, BandKind, Lane, Look, Mark, MarkKind, Only, State, TimelineRow},
};

use crate::{
    clock::page_clock,
    components::{Board, Legend, Links, MarkTable, Occurring},
};

const LONG: &str =
    "a-table-whose-name-holds-its-whole-environment-team-purpose-and-year-0123456789-0123456789";

/// Lanes: with everything that can be told apart, dense, with a long name, empty, and in the future.
pub(super) fn lanes() -> AnyView {
    let now = page_clock().now_once();
    let links = || Links {
        restores: true,
        page: Arc::new(|_| "#".to_owned()),
    };
    let Ok(rows) = rows(now) else {
        return ().into_any();
    };
    let shown = Occurring::on(rows.iter().map(|row| &row.lane));
    view! {
        <Board rows=rows.clone() links=links() now/>
        <Legend shown/>
        <MarkTable rows=rows[..1].to_vec() links=links()/>
        <Board rows=rows[..1].to_vec() links=links() now named=false/>
    }
    .into_any()
}

fn rows(now: Timestamp) -> Result<Vec<TimelineRow>, Invalid> {
    Ok(vec![
        row("every-kind", now, every_kind(now))?,
        row("dense", now, dense(now))?,
        captured(row("record-level", now, future(now))?, now),
        row(LONG, now, future(now))?,
        row("empty", now, Vec::new())?,
    ])
}

/// With a record-level backup that lacks a day.
fn captured(mut row: TimelineRow, now: Timestamp) -> TimelineRow {
    let band = |kind, from: i64, until: i64| Band {
        kind,
        from: ago(now, 24 * from),
        until: ago(now, 24 * until),
        point: None,
        capture: Some("0000".to_owned()),
    };
    row.lane.bands = vec![band(BandKind::Records, 25, 1), band(BandKind::Gap, 15, 14)];
    row
}

fn ago(now: Timestamp, hours: i64) -> Timestamp {
    now - SignedDuration::from_hours(hours)
}

fn row(name: &str, now: Timestamp, marks: Vec<Mark>) -> Result<TimelineRow, Invalid> {
    let account: AccountId = "012345678901".parse()?;
    let region: Region = "eu-west-1".parse()?;
    let arn = Arn::parse(format!("arn:aws:dynamodb:{region}:{account}:table/{name}"))?;
    let bands = if marks.is_empty() {
        Vec::new()
    } else {
        vec![Band {
            kind: BandKind::PointInTime,
            from: ago(now, 24 * 12),
            until: now,
            point: None,
            capture: None,
        }]
    };
    Ok(TimelineRow {
        lane: Lane {
            resource: arn.clone(),
            from: ago(now, 24 * 30),
            until: ago(now, -24 * 10),
            step: 24 * 3_600_000,
            marks,
            bands,
            planned_until: None,
        },
        resource: ResourceRow {
            arn,
            resource_type: ResourceType::DynamoDb,
            account,
            alias: "orders-prod".to_owned(),
            region,
            name: name.to_owned(),
            owner: None,
            size_bytes: None,
            points: 1,
            newest_point: Some(now),
            pitr: None,
            failing: name == "every-kind",
            deleted: name == "empty",
        },
    })
}

fn look(source: PointSource, state: State) -> Look {
    Look {
        source,
        tier: Tier::Warm,
        state,
        locked: false,
        copy: false,
    }
}

fn mark(at: Timestamp, kind: MarkKind, looks: Vec<(Look, u32)>) -> Mark {
    let count = looks.iter().map(|(_, n)| n).sum::<u32>().max(1);
    Mark {
        at,
        kind,
        count,
        looks,
        only: (count == 1).then(|| Only {
            key: format!(
                "arn:aws:backup:eu-west-1:012345678901:recovery-point:{}",
                at.as_second()
            ),
            vault: Some("daily".to_owned()),
            ..Only::default()
        }),
    }
}

fn every_kind(now: Timestamp) -> Vec<Mark> {
    let mut marks: Vec<Mark> = PointSource::ALL
        .into_iter()
        .zip(0..)
        .map(|(source, n)| {
            let mut look = look(source, State::Complete);
            look.locked = n % 2 == 1;
            look.tier = if n < 3 { Tier::Cold } else { Tier::Warm };
            mark(
                ago(now, 24 * (29 - 2 * n)),
                MarkKind::Point,
                vec![(look, 1)],
            )
        })
        .collect();
    let states = [State::Partial, State::Undeletable, State::Creating];
    for (state, n) in states.into_iter().zip(0..) {
        let looks = vec![(look(PointSource::AwsBackup, state), 1)];
        marks.push(mark(ago(now, 24 * (14 - 2 * n)), MarkKind::Point, looks));
    }
    for (kind, n) in MarkKind::ALL.into_iter().zip(0..) {
        if !kind.is_point() && !kind.is_future() {
            marks.push(mark(ago(now, 24 * (28 - 2 * n)), kind, Vec::new()));
        }
    }
    let source = mark(
        ago(now, 24 * 6),
        MarkKind::Point,
        vec![(look(PointSource::AwsBackup, State::Complete), 1)],
    );
    let mut copy_look = look(PointSource::AwsBackup, State::Complete);
    copy_look.copy = true;
    let mut copy = mark(ago(now, 24 * 5), MarkKind::Copy, vec![(copy_look, 1)]);
    if let (Some(only), Some(of)) = (&mut copy.only, &source.only) {
        only.copied_from = Arn::parse(&of.key).ok();
        only.key.push_str("-copy");
    }
    marks.extend([source, copy]);
    marks.extend(future(now));
    marks.sort_by_key(|mark| mark.at);
    marks
}

fn dense(now: Timestamp) -> Vec<Mark> {
    (0..30)
        .map(|n| {
            let mut cold = look(PointSource::AwsBackup, State::Complete);
            cold.tier = Tier::Cold;
            let looks = match n {
                0..10 => vec![(cold, 24)],
                10..15 => vec![
                    (look(PointSource::AwsBackup, State::Complete), 12),
                    (cold, 12),
                ],
                _ => vec![(look(PointSource::AwsBackup, State::Complete), 24)],
            };
            mark(ago(now, 24 * (30 - n) - 1), MarkKind::Point, looks)
        })
        .collect()
}

fn future(now: Timestamp) -> Vec<Mark> {
    let cold = look(PointSource::AwsBackup, State::Complete);
    (1..10)
        .map(|n| {
            let at = ago(now, -24 * n);
            match n % 3 {
                0 => mark(at, MarkKind::GoesCold, vec![(cold, 1)]),
                1 => mark(at, MarkKind::Scheduled, Vec::new()),
                _ => mark(at, MarkKind::Expires, vec![(cold, 2)]),
            }
        })
        .collect()
}
