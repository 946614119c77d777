use std::time::Duration;

use tidemark_domain::{Arn, PointFilter};
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
        let came = settled(&store, &orders).await;
        if came == 2000 {
            // Cut off after the commit, or not at all.
            break;
        }
        assert_eq!((came, finished.is_err()), (5, true), "cut {moment}");
        cut += 1;
    }
    assert!(cut > 0, "no call was cut off");
    let gone = catalogue.resource(&table_arn(A, "only-5")).await.unwrap();
    assert_eq!(gone, None);
}

/// How many points there are, once the three places that know of it agree. A commit that had begun when its call was cut
/// off may come between two of these readings; what was half written would never agree.
async fn settled(store: &Store, resource: &Arn) -> u64 {
    let catalogue = store.catalogue();
    let mut seen = Vec::new();
    for _ in 0..100 {
        let detail = catalogue.resource(resource).await.unwrap().unwrap();
        let storage = catalogue.storage().await.unwrap().2;
        let page = catalogue.points(&PointFilter::default()).await.unwrap();
        if detail.points == storage && page.total == Some(storage) {
            return storage;
        }
        seen.push((detail.points, storage, page.total));
    }
    panic!("a part was written: {seen:?}");
}
