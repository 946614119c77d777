//! Filters over many points: whichever way a list is found, it holds the same rows.

use std::collections::BTreeMap;

use tidemark_domain::{PointFilter, PointSource, RecoveryPoint, Resource, Tier, change::PointPick};
use tidemark_services::ports::{Catalogue, ScopeSnapshot};
use tidemark_store::Store;

use crate::{
    builders::{A, account, account_id, minute, point, scope, table},
    harness::on_both,
};

on_both!(
    every_filter_finds_the_same_rows_by_whichever_way,
    more_resources_and_combinations_than_can_be_listed_are_filtered_alike,
    picked_points_copies_and_members_are_found,
    a_resource_reaches_as_far_back_as_the_points_that_stay,
);

/// More than are gathered and sorted, in more combinations than are merged.
const POINTS: i64 = 5_600;

/// How the points spread: over so many tables, made by so many plans.
#[derive(Clone, Copy)]
struct Spread {
    tables: i64,
    plans: i64,
}

const FEW: Spread = Spread {
    tables: 70,
    plans: 31,
};

/// More than are listed one by one.
const MANY: Spread = Spread {
    tables: 2_800,
    plans: 5_000,
};

fn tables(spread: Spread) -> Vec<Resource> {
    (0..spread.tables)
        .map(|n| {
            let mut table = table(A, &format!("table-{n:03}"));
            let owner = if n < 2 { "ann" } else { "bob" };
            table.tags = BTreeMap::from([
                ("owner".to_owned(), owner.to_owned()),
                ("team".to_owned(), format!("team-{}", n % 2)),
            ]);
            table
        })
        .collect()
}

fn one(n: i64, spread: Spread) -> RecoveryPoint {
    let resource = table(A, &format!("table-{:03}", n % spread.tables)).arn;
    let mut point = point(A, &format!("p-{n:05}"), &resource, n * 7 % 5_000);
    point.plan_id = (n % 11 != 0).then(|| format!("plan-{}", n % spread.plans));
    point.vault = (n % 13 != 0).then(|| format!("vault-{}", n % 3));
    point.source = if n % 13 == 0 {
        PointSource::DynamoDbBackup
    } else {
        PointSource::AwsBackup
    };
    point.tier = if n % 5 == 0 { Tier::Cold } else { Tier::Warm };
    point.held = n % 101 == 0;
    point.locked = n % 3 == 2;
    if n % 400 == 0 {
        "EXPIRED".clone_into(&mut point.status);
    }
    point
}

async fn seed(store: &Store, spread: Spread) -> Vec<RecoveryPoint> {
    store.accounts().add(&account(A, "a")).await.unwrap();
    let points: Vec<RecoveryPoint> = (0..POINTS).map(|n| one(n, spread)).collect();
    let snapshot = ScopeSnapshot {
        resources: tables(spread),
        points: points.clone(),
        ..ScopeSnapshot::default()
    };
    let catalogue = store.catalogue();
    catalogue
        .apply_sync(&scope(A), &snapshot, minute(9_000))
        .await
        .unwrap();
    points
}

async fn pages(catalogue: &dyn Catalogue, mut filter: PointFilter) -> Vec<RecoveryPoint> {
    filter.limit = Some(700);
    let mut rows = Vec::new();
    loop {
        let page = catalogue.points(&filter).await.unwrap();
        rows.extend(page.items);
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => return rows,
        }
    }
}

/// A filter, and whether it shows a point.
type Case = (
    PointFilter,
    Box<dyn Fn(&RecoveryPoint) -> bool + Send + Sync>,
);

#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn filters(points: &[RecoveryPoint]) -> Vec<Case> {
    let none = PointFilter::default;
    let name = |p: &RecoveryPoint| p.resource_arn.name().to_owned();
    let number = move |p: &RecoveryPoint| name(p)[6..].parse::<i64>().unwrap();
    let arn = points[17].arn.clone();
    vec![
        (none(), Box::new(|_| true)),
        (
            PointFilter {
                tier: Some(Tier::Warm),
                ..none()
            },
            Box::new(|p| p.tier == Tier::Warm),
        ),
        (
            PointFilter {
                tier: Some(Tier::Cold),
                until: Some(minute(900)),
                ..none()
            },
            Box::new(|p| p.tier == Tier::Cold && p.created_at < minute(900)),
        ),
        (
            PointFilter {
                status: Some("EXPIRED".to_owned()),
                ..none()
            },
            Box::new(|p| p.status == "EXPIRED"),
        ),
        (
            PointFilter {
                held: Some(true),
                locked: Some(false),
                ..none()
            },
            Box::new(|p| p.held && !p.locked),
        ),
        (
            PointFilter {
                vault: Some("vault-1".to_owned()),
                from: Some(minute(1_000)),
                ..none()
            },
            Box::new(|p| p.vault.as_deref() == Some("vault-1") && p.created_at >= minute(1_000)),
        ),
        (
            PointFilter {
                plan: Some("plan-3".to_owned()),
                oldest_first: true,
                ..none()
            },
            Box::new(|p| p.plan_id.as_deref() == Some("plan-3")),
        ),
        (
            PointFilter {
                source: Some(PointSource::DynamoDbBackup),
                ..none()
            },
            Box::new(|p| p.source == PointSource::DynamoDbBackup),
        ),
        (
            PointFilter {
                text: Some("TABLE-00".to_owned()),
                ..none()
            },
            Box::new(move |p| number(p) < 10),
        ),
        (
            PointFilter {
                text: Some("table-0".to_owned()),
                tier: Some(Tier::Warm),
                ..none()
            },
            Box::new(move |p| name(p).starts_with("table-0") && p.tier == Tier::Warm),
        ),
        (
            PointFilter {
                text: Some("ABLE-".to_owned()),
                until: Some(minute(2_000)),
                ..none()
            },
            Box::new(|p| p.created_at < minute(2_000)),
        ),
        (
            PointFilter {
                text: Some("able-".to_owned()),
                status: Some("COMPLETED".to_owned()),
                oldest_first: true,
                ..none()
            },
            Box::new(|p| p.status == "COMPLETED"),
        ),
        (
            PointFilter {
                status: Some("COMPLETED".to_owned()),
                held: Some(false),
                ..none()
            },
            Box::new(|p| p.status == "COMPLETED" && !p.held),
        ),
        (
            PointFilter {
                region: Some(scope(A).region),
                from: Some(minute(30)),
                ..none()
            },
            Box::new(|p| p.created_at >= minute(30)),
        ),
        (
            PointFilter {
                account: Some(account_id(A)),
                owner: Some("bob".to_owned()),
                tier: Some(Tier::Cold),
                ..none()
            },
            Box::new(move |p| number(p) >= 2 && p.tier == Tier::Cold),
        ),
        (
            PointFilter {
                text: Some(arn.to_string()),
                ..none()
            },
            Box::new(move |p| p.arn == arn),
        ),
        (
            PointFilter {
                owner: Some("Ann".to_owned()),
                ..none()
            },
            Box::new(move |p| number(p) < 2),
        ),
        (
            PointFilter {
                tag: Some("team=team-1".to_owned()),
                oldest_first: true,
                ..none()
            },
            Box::new(move |p| number(p) % 2 == 1),
        ),
        (
            PointFilter {
                tag: Some("team".to_owned()),
                status: Some("EXPIRED".to_owned()),
                ..none()
            },
            Box::new(|p| p.status == "EXPIRED"),
        ),
        (
            PointFilter {
                resource: Some(table(A, "table-005").arn),
                tier: Some(Tier::Cold),
                ..none()
            },
            Box::new(move |p| number(p) == 5 && p.tier == Tier::Cold),
        ),
        (
            PointFilter {
                vault: Some("no such vault".to_owned()),
                ..none()
            },
            Box::new(|_| false),
        ),
        (
            PointFilter {
                text: Some("%".to_owned()),
                ..none()
            },
            Box::new(|_| false),
        ),
    ]
}

async fn every_filter_finds_the_same_rows_by_whichever_way(store: Store) {
    filtered_alike(store, FEW).await;
}

async fn more_resources_and_combinations_than_can_be_listed_are_filtered_alike(store: Store) {
    filtered_alike(store, MANY).await;
}

async fn filtered_alike(store: Store, spread: Spread) {
    let points = seed(&store, spread).await;
    let catalogue = store.catalogue();
    for (filter, matches) in filters(&points) {
        let expected: Vec<&RecoveryPoint> = points.iter().filter(|p| matches(p)).collect();
        let total = catalogue.points(&filter).await.unwrap().total;
        if let Some(total) = total {
            assert_eq!(total, expected.len() as u64, "{filter:?}");
        }
        let came = pages(&*catalogue, filter.clone()).await;
        let times: Vec<_> = came.iter().map(|p| p.created_at).collect();
        let in_order = if filter.oldest_first {
            times.is_sorted()
        } else {
            times.is_sorted_by(|a, b| a >= b)
        };
        assert!(in_order, "{filter:?}");
        let mut came: Vec<&RecoveryPoint> = came.iter().collect();
        let mut expected = expected;
        came.sort_by_key(|p| p.arn.as_str());
        expected.sort_by_key(|p| p.arn.as_str());
        assert_eq!(came.len(), expected.len(), "{filter:?}");
        assert_eq!(came, expected, "{filter:?}");
    }
}

async fn picked_points_copies_and_members_are_found(store: Store) {
    let catalogue = store.catalogue();
    let resource = table(A, "orders");
    let source = point(A, "source", &resource.arn, 1);
    let mut copy = point(A, "copy", &resource.arn, 2);
    copy.copied_from = Some(source.arn.clone());
    let mut member = point(A, "member", &resource.arn, 3);
    member.parent = Some(source.arn.clone());
    let snapshot = ScopeSnapshot {
        points: vec![source.clone(), copy.clone(), member.clone()],
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope(A), &snapshot, minute(9))
        .await
        .unwrap();
    let relatives = catalogue.relatives(&source.arn).await.unwrap();
    assert_eq!(relatives, [copy.clone(), member]);
    let pick = |account: &str| PointPick {
        account: account_id(account),
        arn: copy.arn.clone(),
    };
    let picked = catalogue.picked(&[pick(A), pick(A)]).await.unwrap();
    assert_eq!(picked, [copy.clone()]);
    let elsewhere = catalogue.picked(&[pick("222222222222")]).await.unwrap();
    assert!(elsewhere.is_empty());
}

async fn a_resource_reaches_as_far_back_as_the_points_that_stay(store: Store) {
    let catalogue = store.catalogue();
    let (orders, carts) = (table(A, "orders").arn, table(A, "carts").arn);
    let mut creating = point(A, "o-0", &orders, 0);
    "CREATING".clone_into(&mut creating.status);
    let points = vec![
        creating,
        point(A, "o-1", &orders, 1),
        point(A, "o-2", &orders, 2),
        point(A, "o-3", &orders, 3),
        point(A, "c-1", &carts, 1),
    ];
    let snapshot = ScopeSnapshot {
        points: points.clone(),
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope(A), &snapshot, minute(9))
        .await
        .unwrap();
    let gone = [points[1].clone(), points[4].clone()];
    let reach = catalogue.reach(&gone).await.unwrap();
    let [of_carts, of_orders] = &reach[..] else {
        panic!("{reach:?}");
    };
    assert_eq!((of_carts.before, of_carts.after), (1, 0));
    assert_eq!(of_carts.furthest_after, None);
    assert_eq!((of_orders.before, of_orders.after), (3, 2));
    assert_eq!(of_orders.furthest_before, Some(minute(1)));
    assert_eq!(of_orders.furthest_after, Some(minute(2)));
    assert_eq!(of_orders.newest_after, Some(minute(3)));
}
