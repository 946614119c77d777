use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tidemark_domain::{
    Job, JobKind, PitrWindow, PointSource, RecoveryPoint, Tier,
    timeline::{BandKind, Columns, EventKind, Lane, Look, MarkKind},
};
use tidemark_services::{
    error::StoreError,
    ports::{Catalogue, PartialFailure, ScopeSnapshot, TimelineQuery},
};
use tidemark_store::Store;

use crate::{
    builders::{A, B, arn, backup_job, minute, point, scope, scope_error, table, table_arn},
    harness::{on_both, on_postgres, on_sqlite},
};

on_both!(
    what_falls_into_one_column_comes_as_one_mark_per_kind,
    a_mark_of_one_point_tells_which_and_where_it_lies,
    the_future_begins_now,
    a_lane_tells_the_continuous_windows,
    a_bucket_that_keeps_versions_has_a_band_of_them,
    points_in_another_account_are_on_the_lane_too,
    failed_missed_pruned_and_deleted_are_told_apart,
    what_happened_stays_when_aws_lists_the_job_no_more,
    a_point_that_is_there_again_was_not_deleted,
    many_lanes_come_in_the_order_asked_for,
    a_query_that_makes_no_sense_is_refused,
);

pub(super) fn query(from: Timestamp, until: Timestamp, columns: u16) -> TimelineQuery {
    TimelineQuery {
        resources: vec![table_arn(A, "orders")],
        from,
        until,
        columns,
        now: until,
    }
}

pub(super) async fn lane(catalogue: &dyn Catalogue, query: &TimelineQuery) -> Lane {
    let mut lanes = catalogue.lanes(query).await.unwrap();
    assert_eq!(lanes.len(), 1);
    lanes.remove(0)
}

/// Marks as the rules say them: time of the newest, how many, how many look how.
type Plain = BTreeMap<(i64, MarkKind), (Timestamp, u32, BTreeMap<u16, u32>)>;

/// The same lane by going through everything, one by one.
fn fold(
    points: &[RecoveryPoint],
    events: &[(MarkKind, Timestamp)],
    query: &TimelineQuery,
) -> Plain {
    let columns = Columns::covering(query.from, query.until, query.columns);
    let mut marks = Plain::new();
    let mut add = |kind: MarkKind, at: Timestamp, look: Option<Look>| {
        let millisecond = at.as_millisecond();
        let early = kind.is_future() && at < query.now;
        if (columns.from..columns.until).contains(&millisecond) && !early {
            let mark = marks
                .entry((millisecond.div_euclid(columns.step), kind))
                .or_insert_with(|| (at, 0, BTreeMap::new()));
            mark.0 = mark.0.max(at);
            mark.1 += 1;
            if let Some(look) = look {
                *mark.2.entry(look.code()).or_default() += 1;
            }
        }
    };
    for point in points {
        let look = Some(Look::of(point));
        let copy = point.copied_from.is_some();
        let made = if copy {
            MarkKind::Copy
        } else {
            MarkKind::Point
        };
        add(made, point.created_at, look);
        for (at, kind) in [
            (point.cold_at, MarkKind::GoesCold),
            (point.delete_at, MarkKind::Expires),
        ] {
            if let Some(at) = at {
                add(kind, at, look);
            }
        }
    }
    for &(kind, at) in events {
        add(kind, at, None);
    }
    marks
}

/// The lane in the same form.
fn plain(lane: &Lane) -> Plain {
    lane.marks
        .iter()
        .map(|mark| {
            let column = mark.at.as_millisecond().div_euclid(lane.step);
            let looks = mark.looks.iter().map(|(look, n)| (look.code(), *n));
            ((column, mark.kind), (mark.at, mark.count, looks.collect()))
        })
        .collect()
}

fn snapshot(points: Vec<RecoveryPoint>) -> ScopeSnapshot {
    ScopeSnapshot {
        resources: vec![table(A, "orders")],
        points,
        ..ScopeSnapshot::default()
    }
}

async fn apply(catalogue: &dyn Catalogue, points: &[RecoveryPoint], at: Timestamp) {
    catalogue
        .apply_sync(&scope(A), &snapshot(points.to_vec()), at)
        .await
        .unwrap();
}

/// Points of every look, so many minutes apart.
fn many(number: i64, apart: i64) -> Vec<RecoveryPoint> {
    (0..number)
        .map(|n| {
            let at = (n * 7919) % number * apart;
            let mut point = point(A, &format!("p{n}"), &table_arn(A, "orders"), at);
            point.created_at += SignedDuration::from_millis(n);
            point.locked = n % 17 == 0;
            if n % 2 == 0 {
                point.tier = Tier::Cold;
                point.source = PointSource::DynamoDbBackup;
                "AVAILABLE".clone_into(&mut point.status);
            }
            if n % 11 == 0 {
                "EXPIRED".clone_into(&mut point.status);
                point.delete_at = None;
            }
            if n % 5 == 0 {
                point.cold_at = Some(minute(at + 20_000));
            }
            if n % 13 == 0 {
                point.copied_from = Some(arn(
                    "arn:aws:backup:eu-west-1:222222222222:recovery-point:s",
                ));
            }
            point
        })
        .collect()
}

async fn what_falls_into_one_column_comes_as_one_mark_per_kind(store: Store) {
    let catalogue = store.catalogue();
    let points = many(200, 5);
    apply(&*catalogue, &points, minute(2000)).await;
    for (from, until, columns) in [(0, 1000, 10), (0, 1000, 4000), (100, 300, 7), (50, 51, 2)] {
        let query = query(minute(from), minute(until), columns);
        let lane = lane(&*catalogue, &query).await;
        assert!(lane.from <= query.from && lane.until >= query.until);
        assert_eq!(plain(&lane), fold(&points, &[], &query), "{query:?}");
        assert!(lane.marks.windows(2).all(|pair| {
            let column = |n: usize| pair[n].at.as_millisecond().div_euclid(lane.step);
            column(0) <= column(1)
        }));
    }
}

async fn a_mark_of_one_point_tells_which_and_where_it_lies(store: Store) {
    let catalogue = store.catalogue();
    let orders = table_arn(A, "orders");
    let mut copy = point(A, "copy", &orders, 30);
    copy.copied_from = Some(arn(
        "arn:aws:backup:eu-west-1:111111111111:recovery-point:one",
    ));
    let points = [
        point(A, "one", &orders, 10),
        point(A, "two", &orders, 20),
        point(A, "three", &orders, 20),
        copy.clone(),
    ];
    apply(&*catalogue, &points, minute(40)).await;
    let lane = lane(&*catalogue, &query(minute(0), minute(40), 41)).await;
    let told: Vec<_> = lane
        .marks
        .iter()
        .map(|mark| {
            let only = mark.only.clone();
            (
                mark.kind,
                mark.count,
                only.map(|only| (only.key, only.vault, only.copied_from)),
            )
        })
        .collect();
    let daily = Some("daily".to_owned());
    assert_eq!(
        told,
        [
            (
                MarkKind::Point,
                1,
                Some((points[0].arn.to_string(), daily.clone(), None))
            ),
            (MarkKind::Point, 2, None),
            (
                MarkKind::Copy,
                1,
                Some((copy.arn.to_string(), daily, copy.copied_from))
            ),
        ]
    );
}

async fn the_future_begins_now(store: Store) {
    let catalogue = store.catalogue();
    let points = many(20, 5000);
    apply(&*catalogue, &points, minute(1)).await;
    for now in [0, 10_000, 60_000, 200_000] {
        let mut query = query(minute(0), minute(150_000), 500);
        query.now = minute(now);
        let lane = lane(&*catalogue, &query).await;
        let expected = fold(&points, &[], &query);
        assert_eq!(plain(&lane), expected);
        let future = expected.keys().filter(|(_, kind)| kind.is_future()).count();
        assert_eq!(future > 0, now < 150_000, "from {now}");
    }
}

async fn a_lane_tells_the_continuous_windows(store: Store) {
    let catalogue = store.catalogue();
    let mut resource = table(A, "orders");
    resource.pitr = Some(PitrWindow {
        earliest: minute(3),
        latest: minute(8),
    });
    let mut continuous = point(A, "continuous:1", &resource.arn, 2);
    continuous.source = PointSource::Continuous;
    "AVAILABLE".clone_into(&mut continuous.status);
    let snapshot = ScopeSnapshot {
        resources: vec![resource],
        points: vec![continuous.clone()],
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope(A), &snapshot, minute(9))
        .await
        .unwrap();
    let lane = lane(&*catalogue, &query(minute(0), minute(10), 100)).await;
    let bands: Vec<_> = lane
        .bands
        .into_iter()
        .map(|band| (band.kind, band.from, band.until, band.point))
        .collect();
    let behind = Some((continuous.arn, "daily".to_owned()));
    assert_eq!(
        bands,
        [
            (BandKind::PointInTime, minute(3), minute(8), None),
            (BandKind::Continuous, minute(2), minute(10), behind),
        ]
    );
}

async fn a_bucket_that_keeps_versions_has_a_band_of_them(store: Store) {
    let catalogue = store.catalogue();
    let mut bucket = table(A, "ledger");
    bucket.arn = arn("arn:aws:s3:::ledger");
    bucket.resource_type = "S3".into();
    let mut read = ScopeSnapshot {
        resources: vec![bucket.clone()],
        versioned: vec![bucket.arn.clone()],
        ..ScopeSnapshot::default()
    };
    let mut query = query(minute(0), minute(10), 100);
    query.resources = vec![bucket.arn];
    for (kept, partial) in [(true, false), (true, true), (false, false)] {
        if partial || !kept {
            read.versioned.clear();
        }
        read.partial.clear();
        if partial {
            read.partial.push(PartialFailure {
                part: "S3".to_owned(),
                error: scope_error("S3"),
            });
        }
        catalogue
            .apply_sync(&scope(A), &read, minute(9))
            .await
            .unwrap();
        let bands = lane(&*catalogue, &query).await.bands;
        let told: Vec<_> = bands.iter().map(|b| (b.kind, b.from, b.until)).collect();
        let expected = (BandKind::Versions, minute(0), minute(10));
        assert_eq!(told, if kept { vec![expected] } else { vec![] });
    }
}

async fn points_in_another_account_are_on_the_lane_too(store: Store) {
    let catalogue = store.catalogue();
    let orders = table_arn(A, "orders");
    for (account, at) in [(A, 10), (B, 10), (B, 20)] {
        let mut points = vec![point(account, &format!("p{at}"), &orders, at)];
        if at == 20 {
            points.push(point(account, "p10", &orders, 10));
        }
        let snapshot = ScopeSnapshot {
            points,
            ..ScopeSnapshot::default()
        };
        catalogue
            .apply_sync(&scope(account), &snapshot, minute(30))
            .await
            .unwrap();
    }
    let lane = lane(&*catalogue, &query(minute(0), minute(30), 32)).await;
    let counts: Vec<u32> = lane.marks.iter().map(|mark| mark.count).collect();
    assert_eq!(counts, [2, 1], "two points of one moment are one mark");
    assert_eq!(lane.points(), 3);
}

fn failures() -> Vec<Job> {
    let orders = table_arn(A, "orders");
    let mut copy = backup_job(A, "copy-1", &orders, "FAILED", 70);
    copy.kind = JobKind::Copy;
    let mut restore = backup_job(A, "restore-1", &orders, "FAILED", 80);
    restore.kind = JobKind::Restore;
    vec![
        backup_job(A, "job-1", &orders, "FAILED", 10),
        backup_job(A, "job-2", &orders, "EXPIRED", 20),
        backup_job(A, "job-3", &orders, "COMPLETED", 30),
        backup_job(A, "job-4", &orders, "RUNNING", 40),
        backup_job(A, "job-5", &orders, "ABORTED", 50),
        copy,
        restore,
    ]
}

async fn failed_missed_pruned_and_deleted_are_told_apart(store: Store) {
    let catalogue = store.catalogue();
    let orders = table_arn(A, "orders");
    let made = |id: &str, at: i64, delete_at: Option<i64>, status: &str| {
        let mut point = point(A, id, &orders, at);
        point.delete_at = delete_at.map(minute);
        status.clone_into(&mut point.status);
        point
    };
    let points = vec![
        made("due", 12, Some(100), "COMPLETED"),
        made("due-while-read", 13, Some(103), "COMPLETED"),
        made("early", 14, Some(104), "COMPLETED"),
        made("kept", 16, None, "COMPLETED"),
        made("never", 18, None, "CREATING"),
        made("stays", 90, None, "COMPLETED"),
    ];
    apply(&*catalogue, &points, minute(95)).await;
    let mut later = snapshot(points[5..].to_vec());
    later.jobs = failures();
    later.read_until = Some(minute(103));
    catalogue
        .apply_sync(&scope(A), &later, minute(100))
        .await
        .unwrap();
    let lane = lane(&*catalogue, &query(minute(0), minute(99), 200)).await;
    let told: Vec<(i64, MarkKind, Option<String>)> = lane
        .marks
        .iter()
        .map(|mark| {
            let minutes = mark.at.duration_since(minute(0)).as_mins();
            let note = mark.only.as_ref().and_then(|only| only.note.clone());
            (minutes, mark.kind, note)
        })
        .collect();
    let why = || Some("as AWS tells".to_owned());
    assert_eq!(
        told,
        [
            (10, MarkKind::Failed, why()),
            (12, MarkKind::Pruned, None),
            (13, MarkKind::Pruned, None),
            (14, MarkKind::Deleted, None),
            (16, MarkKind::Deleted, None),
            (20, MarkKind::Missed, why()),
            (50, MarkKind::Failed, why()),
            (70, MarkKind::CopyFailed, why()),
            (90, MarkKind::Point, None),
        ]
    );
}

async fn what_happened_stays_when_aws_lists_the_job_no_more(store: Store) {
    let catalogue = store.catalogue();
    let mut with_jobs = snapshot(Vec::new());
    with_jobs.jobs = failures();
    catalogue
        .apply_sync(&scope(A), &with_jobs, minute(100))
        .await
        .unwrap();
    let query = query(minute(0), minute(99), 200);
    let before = lane(&*catalogue, &query).await;
    apply(&*catalogue, &[], minute(200)).await;
    assert_eq!(lane(&*catalogue, &query).await, before);
    assert_eq!(before.count(|kind| kind == MarkKind::Failed), 2);
    let years = SignedDuration::from_hours(24 * 801);
    apply(&*catalogue, &[], minute(100) + years).await;
    assert!(
        lane(&*catalogue, &query).await.marks.is_empty(),
        "800 days later it is forgotten"
    );
}

async fn a_point_that_is_there_again_was_not_deleted(store: Store) {
    let catalogue = store.catalogue();
    let points = vec![point(A, "p", &table_arn(A, "orders"), 10)];
    apply(&*catalogue, &points, minute(20)).await;
    apply(&*catalogue, &[], minute(21)).await;
    let query = query(minute(0), minute(30), 40);
    let kinds = |lane: Lane| lane.marks.iter().map(|mark| mark.kind).collect::<Vec<_>>();
    assert_eq!(kinds(lane(&*catalogue, &query).await), [MarkKind::Deleted]);
    apply(&*catalogue, &points, minute(22)).await;
    assert_eq!(kinds(lane(&*catalogue, &query).await), [MarkKind::Point]);
}

async fn many_lanes_come_in_the_order_asked_for(store: Store) {
    let catalogue = store.catalogue();
    let names = ["c", "a", "unknown", "b"];
    let points = ["a", "b", "c"]
        .into_iter()
        .zip(1..)
        .flat_map(|(name, number)| {
            (0..number).map(move |n| point(A, &format!("{name}{n}"), &table_arn(A, name), n))
        })
        .collect();
    catalogue
        .apply_sync(&scope(A), &snapshot(points), minute(50))
        .await
        .unwrap();
    let mut query = query(minute(0), minute(50), 100);
    query.resources = names.map(|name| table_arn(A, name)).to_vec();
    let lanes = catalogue.lanes(&query).await.unwrap();
    let told: Vec<_> = lanes
        .iter()
        .map(|lane| (lane.resource.name(), lane.points()))
        .collect();
    assert_eq!(told, [("c", 3), ("a", 1), ("unknown", 0), ("b", 2)]);
    query.resources.clear();
    assert!(catalogue.lanes(&query).await.unwrap().is_empty());
}

async fn a_query_that_makes_no_sense_is_refused(store: Store) {
    let catalogue = store.catalogue();
    let mut crowd = query(minute(0), minute(10), 100);
    crowd.resources = (0..201).map(|n| table_arn(A, &format!("t{n}"))).collect();
    for query in [
        query(minute(0), minute(10), 1),
        query(minute(0), minute(10), 4001),
        query(minute(10), minute(10), 100),
        query(minute(11), minute(10), 100),
        crowd,
    ] {
        let answer = catalogue.lanes(&query).await;
        assert!(matches!(answer, Err(StoreError::Invalid(_))), "{query:?}");
    }
}

/// A reading of the dense table: which of its points are there, and how one in so many changed.
#[derive(Clone, Debug)]
struct Reading {
    from: usize,
    number: usize,
    changed: usize,
    partial: bool,
}

fn any_readings() -> impl Strategy<Value = Vec<Reading>> {
    let reading = (
        0..600_usize,
        300..1500_usize,
        1..40_usize,
        prop::bool::weighted(0.15),
    )
        .prop_map(|(from, number, changed, partial)| Reading {
            from,
            number,
            changed,
            partial,
        });
    prop::collection::vec(reading, 2..5)
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    })
}

#[test]
fn totals_of_dense_lanes_say_what_counting_says_on_sqlite() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runner(10)
        .run(&any_readings(), |readings| {
            runtime.block_on(on_sqlite(|store| play(store, readings)));
            Ok(())
        })
        .unwrap();
}

#[test]
fn totals_of_dense_lanes_say_what_counting_says_on_postgres() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runner(4)
        .run(&any_readings(), |readings| {
            runtime.block_on(on_postgres(|store| play(store, readings)));
            Ok(())
        })
        .unwrap();
}

/// Points come, go and change until there are more and fewer of them than make a lane dense; after
/// each reading every zoom must say what going through them one by one says.
async fn play(store: Store, readings: Vec<Reading>) {
    let catalogue = store.catalogue();
    let all = many(2200, 97);
    let mut known: BTreeMap<String, RecoveryPoint> = BTreeMap::new();
    let mut gone: BTreeMap<String, (MarkKind, Timestamp)> = BTreeMap::new();
    for (turn, reading) in readings.into_iter().enumerate() {
        let at = minute(150_000 + 10_000 * i64::try_from(turn).unwrap());
        let mut there = all[reading.from..(reading.from + reading.number).min(2200)].to_vec();
        for point in there.iter_mut().step_by(reading.changed) {
            point.tier = Tier::Cold;
            point.delete_at = Some(point.created_at + SignedDuration::from_hours(24 * 70));
        }
        let mut read = snapshot(there.clone());
        if reading.partial {
            read.partial.push(PartialFailure {
                part: "points:daily".to_owned(),
                error: scope_error("points:daily"),
            });
        } else {
            let now: BTreeMap<_, _> = there.iter().map(|p| (p.arn.to_string(), p)).collect();
            for (arn, before) in known.iter().filter(|(arn, _)| !now.contains_key(*arn)) {
                let kind = EventKind::of_gone(before.delete_at, at).into();
                gone.insert(arn.clone(), (kind, before.created_at));
            }
            known.clear();
        }
        for point in there {
            gone.remove(point.arn.as_str());
            known.insert(point.arn.to_string(), point);
        }
        catalogue.apply_sync(&scope(A), &read, at).await.unwrap();
        let points: Vec<RecoveryPoint> = known.values().cloned().collect();
        let events: Vec<_> = gone.values().copied().collect();
        for (from, until, columns) in [
            (0, 214_000, 30),
            (0, 214_000, 300),
            (-70_000, 400_000, 2000),
            (50_000, 52_000, 2000),
            (99_999, 131_313, 77),
        ] {
            let mut query = query(minute(from), minute(until), columns);
            query.now = at;
            let lane = lane(&*catalogue, &query).await;
            assert_eq!(plain(&lane), fold(&points, &events, &query), "{query:?}");
        }
    }
}
