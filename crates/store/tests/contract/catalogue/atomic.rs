use std::time::Duration;

use tidemark_domain::PointFilter;
use tidemark_services::ports::ScopeSnapshot;
use tidemark_store::Store;

use crate::{
    builders::{A, minute, point, scope, table, table_arn},
    harness::on_both,
};

on_both!(a_sync_that_is_cut_off_changes_all_or_nothing);

/// Drops the call at ever later moments, as a stopped process does.
async fn a_sync_that_is_cut_off_changes_all_or_nothing(store: Store) {
    let orders = table_arn(A, "orders");
    let catalogue = store.catalogue();
    let sized = |size: i64| ScopeSnapshot {
        resources: vec![table(A, "orders"), table(A, &format!("only-{size}"))],
        points: (0..size)
            .map(|n| point(A, &format!("{size}-{n}"), &orders, n))
            .collect(),
        ..ScopeSnapshot::default()
    };
    let (small, large) = (sized(5), sized(2000));
    catalogue
        .apply_sync(&scope(A), &small, minute(1))
        .await
        .unwrap();
    let scope = scope(A);
    let mut cut = 0;
    for moment in 0_u64.. {
        let apply = catalogue.apply_sync(&scope, &large, minute(2));
        let finished = tokio::time::timeout(Duration::from_micros(moment * 1500), apply).await;
        let detail = catalogue.resource(&orders).await.unwrap().unwrap();
        let storage = catalogue.storage().await.unwrap().2;
        let page = catalogue.points(&PointFilter::default()).await.unwrap();
        let expected: u64 = if finished.is_ok() { 2000 } else { 5 };
        let came = (detail.points, storage, page.total);
        if came == (2000, 2000, Some(2000)) {
            // Cut off after the commit, or not at all.
            break;
        }
        assert_eq!(came, (expected, expected, Some(expected)), "cut {moment}");
        cut += 1;
    }
    assert!(cut > 0, "no call was cut off");
    let gone = catalogue.resource(&table_arn(A, "only-5")).await.unwrap();
    assert_eq!(gone, None);
}
