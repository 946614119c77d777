use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{PitrWindow, PointSource, RecoveryPoint, Tier};
use tidemark_services::{
    error::StoreError,
    ports::{Catalogue, ScopeSnapshot, TimelineQuery},
};
use tidemark_store::Store;

use crate::{
    builders::{A, B, minute, point, scope, table, table_arn},
    harness::on_both,
};

on_both!(
    points_in_one_column_come_as_one_mark_that_shows_the_newest,
    a_lane_tells_the_continuous_window,
    points_in_another_account_are_on_the_lane_too,
    a_query_that_makes_no_sense_is_refused,
    an_unknown_resource_has_an_empty_lane,
);

fn query(from: Timestamp, until: Timestamp, columns: u16) -> TimelineQuery {
    TimelineQuery {
        resource: table_arn(A, "orders"),
        from,
        until,
        columns,
    }
}

async fn seed(catalogue: &dyn Catalogue) -> Vec<RecoveryPoint> {
    let points: Vec<RecoveryPoint> = (0..200_i64)
        .map(|n| {
            let at = (n * 7919) % 1000;
            let mut point = point(A, &format!("p{n}"), &table_arn(A, "orders"), at);
            point.created_at += SignedDuration::from_millis(n);
            point.locked = n % 17 == 0;
            if n % 2 == 0 {
                point.tier = Tier::Cold;
                point.source = PointSource::DynamoDbBackup;
                "AVAILABLE".clone_into(&mut point.status);
            }
            point
        })
        .collect();
    let snapshot = ScopeSnapshot {
        points: points.clone(),
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope(A), &snapshot, minute(2000))
        .await
        .unwrap();
    points
}

async fn points_in_one_column_come_as_one_mark_that_shows_the_newest(store: Store) {
    let catalogue = store.catalogue();
    let points = seed(&*catalogue).await;
    for (from, until, columns) in [(0, 1000, 10), (0, 1000, 4000), (100, 300, 7), (50, 51, 1)] {
        let query = query(minute(from), minute(until), columns);
        let lane = catalogue.lane(&query).await.unwrap();
        let span = query.until.as_millisecond() - query.from.as_millisecond() + 1;
        let mut expected: BTreeMap<i64, Vec<&RecoveryPoint>> = BTreeMap::new();
        for point in &points {
            if (query.from..=query.until).contains(&point.created_at) {
                let offset = point.created_at.as_millisecond() - query.from.as_millisecond();
                let column = offset * i64::from(columns) / span;
                expected.entry(column).or_default().push(point);
            }
        }
        assert_eq!(lane.marks.len(), expected.len(), "{query:?}");
        assert!(lane.marks.len() <= usize::from(columns));
        let total: usize = expected.values().map(Vec::len).sum();
        assert_eq!(lane.points, total as u64);
        for (mark, column) in lane.marks.iter().zip(expected.values()) {
            let newest = column.iter().max_by_key(|p| p.created_at).unwrap();
            assert_eq!((mark.at, &mark.arn), (newest.created_at, &newest.arn));
            assert_eq!((mark.tier, mark.source), (newest.tier, newest.source));
            assert_eq!(mark.status, newest.status);
            assert_eq!(mark.count as usize, column.len());
            assert_eq!(mark.locked, column.iter().any(|p| p.locked));
        }
    }
}

async fn a_lane_tells_the_continuous_window(store: Store) {
    let catalogue = store.catalogue();
    let mut resource = table(A, "orders");
    resource.pitr = Some(PitrWindow {
        earliest: minute(3),
        latest: minute(8),
    });
    let snapshot = ScopeSnapshot {
        resources: vec![resource.clone()],
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope(A), &snapshot, minute(9))
        .await
        .unwrap();
    let lane = catalogue
        .lane(&query(minute(0), minute(10), 100))
        .await
        .unwrap();
    assert_eq!((lane.band, lane.points), (resource.pitr, 0));
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
    let lane = catalogue
        .lane(&query(minute(0), minute(30), 30))
        .await
        .unwrap();
    let counts: Vec<u32> = lane.marks.iter().map(|mark| mark.count).collect();
    assert_eq!(counts, [2, 1], "two points of one moment are one mark");
}

async fn a_query_that_makes_no_sense_is_refused(store: Store) {
    let catalogue = store.catalogue();
    for query in [
        query(minute(0), minute(10), 0),
        query(minute(0), minute(10), 4001),
        query(minute(10), minute(10), 100),
        query(minute(11), minute(10), 100),
    ] {
        let answer = catalogue.lane(&query).await;
        assert!(matches!(answer, Err(StoreError::Invalid(_))), "{query:?}");
    }
}

async fn an_unknown_resource_has_an_empty_lane(store: Store) {
    let lane = store
        .catalogue()
        .lane(&query(minute(0), minute(10), 100))
        .await
        .unwrap();
    assert_eq!((lane.marks.len(), lane.points, lane.band), (0, 0, None));
}
