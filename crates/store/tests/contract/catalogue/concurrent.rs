use tidemark_domain::{ResourceFilter, Scope};
use tidemark_services::ports::ScopeSnapshot;
use tidemark_store::Store;

use crate::{
    builders::{A, account, account_id, minute, point, region, scope, table, table_arn},
    harness::on_both,
};

on_both!(
    writers_of_several_scopes_lose_nothing_of_each_other,
    readers_see_either_the_old_or_the_new_state_of_a_scope,
);

const REGIONS: [&str; 4] = ["eu-west-1", "us-east-1", "ap-south-1", "sa-east-1"];

fn region_of(number: usize) -> Scope {
    Scope {
        account: account_id(A),
        region: region(REGIONS[number]),
    }
}

/// Copies of one table in several Regions of one account, all synced at once: the table's count and
/// the account's counts are shared by all of them.
async fn writers_of_several_scopes_lose_nothing_of_each_other(store: Store) {
    store.accounts().add(&account(A, "prod")).await.unwrap();
    let orders = table_arn(A, "orders");
    let mut writers = Vec::new();
    for (number, _) in REGIONS.iter().enumerate() {
        let catalogue = store.catalogue();
        let orders = orders.clone();
        writers.push(tokio::spawn(async move {
            for round in 1..=8 {
                let snapshot = ScopeSnapshot {
                    resources: (0..round)
                        .map(|n| {
                            let mut own = table(A, &format!("own-{number}-{n}"));
                            own.arn = tidemark_domain::Arn::parse(format!(
                                "arn:aws:dynamodb:{}:{A}:table/own-{n}",
                                REGIONS[number]
                            ))
                            .unwrap();
                            own
                        })
                        .collect(),
                    points: (0..round)
                        .map(|n| point(A, &format!("copy-{number}-{n}"), &orders, n))
                        .collect(),
                    ..ScopeSnapshot::default()
                };
                catalogue
                    .apply_sync(&region_of(number), &snapshot, minute(round))
                    .await
                    .unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let catalogue = store.catalogue();
    let detail = catalogue.resource(&orders).await.unwrap().unwrap();
    assert_eq!(detail.points, 32);
    assert_eq!(catalogue.storage().await.unwrap().2, 32);
    let page = catalogue
        .resources(&ResourceFilter::default())
        .await
        .unwrap();
    assert_eq!((page.items.len(), page.total), (33, Some(33)));
    let overview = catalogue.overview().await.unwrap();
    assert_eq!(overview[0].unprotected, 32);
}

async fn readers_see_either_the_old_or_the_new_state_of_a_scope(store: Store) {
    let orders = table_arn(A, "orders");
    let sized = |size: i64| ScopeSnapshot {
        resources: vec![table(A, "orders")],
        points: (0..size)
            .map(|n| point(A, &format!("{size}-{n}"), &orders, n))
            .collect(),
        ..ScopeSnapshot::default()
    };
    let catalogue = store.catalogue();
    catalogue
        .apply_sync(&scope(A), &sized(300), minute(1))
        .await
        .unwrap();
    let writer = {
        let catalogue = store.catalogue();
        let (small, large) = (sized(300), sized(700));
        tokio::spawn(async move {
            for round in 0..6 {
                let snapshot = if round % 2 == 0 { &large } else { &small };
                catalogue
                    .apply_sync(&scope(A), snapshot, minute(2))
                    .await
                    .unwrap();
            }
        })
    };
    while !writer.is_finished() {
        let points = catalogue.resource(&orders).await.unwrap().unwrap().points;
        assert!(points == 300 || points == 700, "{points}");
        let (warm, _, points) = catalogue.storage().await.unwrap();
        assert_eq!(warm, points * 100);
    }
    writer.await.unwrap();
}
