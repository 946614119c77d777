use tidemark_domain::{PointFilter, RecoveryPoint, Scope};
use tidemark_services::{
    error::StoreError,
    ports::{Catalogue, CopyOf, ScopeSnapshot},
};
use tidemark_store::Store;

use crate::{
    builders::{A, B, account_id, arn, minute, point, region, scope, table_arn},
    harness::on_both,
};

on_both!(
    points_come_newest_first_page_by_page_under_every_filter,
    points_that_arrive_between_pages_do_not_repeat_others,
    garbage_in_cursors_and_limits_is_refused,
    an_unknown_resource_or_account_has_no_points,
    every_field_of_a_point_comes_back,
    a_copy_learns_its_source_from_another_scope_and_keeps_it,
);

async fn a_copy_learns_its_source_from_another_scope_and_keeps_it(store: Store) {
    let catalogue = store.catalogue();
    let resource = table_arn(A, "orders");
    let source = point(A, "source", &resource, 1);
    let vault = arn("arn:aws:backup:eu-west-1:222222222222:backup-vault:daily");
    let of_job = |copy: &RecoveryPoint| CopyOf {
        copy: copy.arn.clone(),
        source: source.arn.clone(),
    };
    let copies: Vec<RecoveryPoint> = ["early", "late"]
        .iter()
        .map(|id| {
            let mut copy = point(B, id, &resource, 2);
            copy.copied_from_vault = Some(vault.clone());
            copy
        })
        .collect();
    let apply = async |scope: &Scope, points: &[RecoveryPoint], copies: Vec<CopyOf>| {
        let snapshot = ScopeSnapshot {
            points: points.to_vec(),
            copies,
            ..ScopeSnapshot::default()
        };
        catalogue
            .apply_sync(scope, &snapshot, minute(90))
            .await
            .unwrap();
    };
    let told = async |copy: &RecoveryPoint| {
        let found = catalogue.point(&copy.arn).await.unwrap().unwrap();
        assert!(found.is_copy());
        assert_eq!(found.copied_from_vault.as_ref(), Some(&vault));
        found.copied_from
    };
    // One copy is known before its source's scope tells of it, the other after.
    apply(&scope(B), &copies[..1], vec![]).await;
    assert_eq!(told(&copies[0]).await, None);
    let links = copies.iter().map(of_job).collect();
    apply(&scope(A), std::slice::from_ref(&source), links).await;
    assert_eq!(told(&copies[0]).await.as_ref(), Some(&source.arn));
    apply(&scope(B), &copies, vec![]).await;
    for copy in &copies {
        assert_eq!(told(copy).await.as_ref(), Some(&source.arn));
    }
    // The job is told of no more, and the point changes: that is no reason to forget.
    let mut changed = copies.clone();
    changed[0].delete_at = None;
    apply(&scope(A), std::slice::from_ref(&source), vec![]).await;
    apply(&scope(B), &changed, vec![]).await;
    for copy in &copies {
        assert_eq!(told(copy).await.as_ref(), Some(&source.arn));
    }
    let relatives = catalogue.relatives(&source.arn).await.unwrap();
    assert_eq!(relatives.len(), 2);
}

/// Points of two tables in three scopes; several were made in the same minute.
async fn seed(catalogue: &dyn Catalogue) -> Vec<RecoveryPoint> {
    let mut all = Vec::new();
    let scopes = [
        scope(A),
        scope(B),
        Scope {
            account: account_id(A),
            region: region("us-east-1"),
        },
    ];
    for (number, scope) in (0_i64..).zip(&scopes) {
        let points: Vec<RecoveryPoint> = (0..12)
            .map(|n| {
                let resource = table_arn(A, if n % 3 == 0 { "orders" } else { "users" });
                let id = format!("{number}-{n}");
                let mut point = point(scope.account.as_str(), &id, &resource, (n * 5 + number) % 9);
                point.region = scope.region.clone();
                point
            })
            .collect();
        all.extend(points.clone());
        let snapshot = ScopeSnapshot {
            points,
            ..ScopeSnapshot::default()
        };
        catalogue
            .apply_sync(scope, &snapshot, minute(90))
            .await
            .unwrap();
    }
    all
}

async fn pages(catalogue: &dyn Catalogue, mut filter: PointFilter) -> Vec<RecoveryPoint> {
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

fn sorted(mut points: Vec<RecoveryPoint>) -> Vec<RecoveryPoint> {
    points.sort_by(|a, b| (b.created_at, &b.arn).cmp(&(a.created_at, &a.arn)));
    points
}

async fn points_come_newest_first_page_by_page_under_every_filter(store: Store) {
    let catalogue = store.catalogue();
    let all = seed(&*catalogue).await;
    let orders = table_arn(A, "orders");
    for choice in 0..32_u32 {
        let chosen = |bit: u32| choice & (1 << bit) != 0;
        let filter = PointFilter {
            resource: chosen(0).then(|| orders.clone()),
            account: chosen(1).then(|| account_id(A)),
            region: chosen(2).then(|| region("eu-west-1")),
            from: chosen(3).then(|| minute(2)),
            until: chosen(4).then(|| minute(6)),
            limit: Some(4),
            ..PointFilter::default()
        };
        let expected: Vec<RecoveryPoint> = all
            .iter()
            .filter(|p| {
                filter
                    .resource
                    .as_ref()
                    .is_none_or(|r| *r == p.resource_arn)
            })
            .filter(|p| filter.account.as_ref().is_none_or(|a| *a == p.account))
            .filter(|p| filter.region.as_ref().is_none_or(|r| *r == p.region))
            .filter(|p| filter.from.is_none_or(|from| p.created_at >= from))
            .filter(|p| filter.until.is_none_or(|until| p.created_at < until))
            .cloned()
            .collect();
        assert!(!expected.is_empty());
        let total = catalogue.points(&filter).await.unwrap().total;
        let came = pages(&*catalogue, filter.clone()).await;
        let times: Vec<_> = came.iter().map(|p| p.created_at).collect();
        assert!(times.is_sorted_by(|a, b| a >= b), "{filter:?}");
        if let Some(total) = total {
            assert_eq!(total, expected.len() as u64, "{filter:?}");
        }
        assert_eq!(sorted(came), sorted(expected), "{filter:?}");
    }
}

async fn points_that_arrive_between_pages_do_not_repeat_others(store: Store) {
    let catalogue = store.catalogue();
    let all = seed(&*catalogue).await;
    let mut filter = PointFilter {
        limit: Some(10),
        ..PointFilter::default()
    };
    let first = catalogue.points(&filter).await.unwrap();
    let new = ScopeSnapshot {
        points: (0..9)
            .map(|n| point("333333333333", &format!("n{n}"), &table_arn(A, "users"), n))
            .collect(),
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope("333333333333"), &new, minute(91))
        .await
        .unwrap();
    filter.cursor = first.next;
    let rest = pages(&*catalogue, filter).await;
    let mut seen: Vec<RecoveryPoint> = first.items;
    seen.extend(rest);
    seen.retain(|p| p.account.as_str() != "333333333333");
    assert_eq!(sorted(seen), sorted(all));
}

async fn garbage_in_cursors_and_limits_is_refused(store: Store) {
    let catalogue = store.catalogue();
    for (cursor, limit) in [
        (Some(""), None),
        (Some("\u{1f512}"), None),
        (Some("WyJwb2ludHMiLCJ4Il0"), None),
        (None, Some(0)),
        (None, Some(1001)),
    ] {
        let filter = PointFilter {
            cursor: cursor.map(ToOwned::to_owned),
            limit,
            ..PointFilter::default()
        };
        let answer = catalogue.points(&filter).await;
        assert!(matches!(answer, Err(StoreError::Invalid(_))), "{filter:?}");
    }
}

async fn an_unknown_resource_or_account_has_no_points(store: Store) {
    let catalogue = store.catalogue();
    seed(&*catalogue).await;
    let of_resource = PointFilter {
        resource: Some(table_arn(A, "unknown")),
        ..PointFilter::default()
    };
    let of_account = PointFilter {
        account: Some(account_id("999999999999")),
        ..PointFilter::default()
    };
    for filter in [of_resource, of_account] {
        let page = catalogue.points(&filter).await.unwrap();
        assert_eq!((page.items.len(), page.next), (0, None));
    }
    let unknown = arn("arn:aws:backup:eu-west-1:111111111111:recovery-point:none");
    assert_eq!(catalogue.point(&unknown).await.unwrap(), None);
}

async fn every_field_of_a_point_comes_back(store: Store) {
    use tidemark_domain::{PointSource, Tier};
    let catalogue = store.catalogue();
    let orders = table_arn(A, "orders");
    let mut full = point(A, "full", &orders, 5);
    full.source = PointSource::Continuous;
    "A_STATUS_OF_THE_FUTURE".clone_into(&mut full.status);
    full.status_message = Some("ünusual 'text'".to_owned());
    full.tier = Tier::Cold;
    full.cold_at = Some(minute(6));
    full.locked = true;
    full.copied_from = Some(arn(
        "arn:aws:backup:eu-west-1:222222222222:recovery-point:x",
    ));
    full.parent = Some(arn(
        "arn:aws:backup:eu-west-1:111111111111:recovery-point:y",
    ));
    full.size_bytes = Some(u64::MAX / 2);
    let mut bare = point(A, "bare", &orders, 6);
    bare.source = PointSource::DynamoDbSystem;
    bare.vault = None;
    bare.completed_at = None;
    bare.size_bytes = None;
    bare.delete_at = None;
    bare.plan_id = None;
    let snapshot = ScopeSnapshot {
        points: vec![full, bare],
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope(A), &snapshot, minute(9))
        .await
        .unwrap();
    for point in &snapshot.points {
        let found = catalogue.point(&point.arn).await.unwrap();
        assert_eq!(found.as_ref(), Some(point));
    }
    // Not usable, so not the newest usable one.
    let detail = catalogue.resource(&orders).await.unwrap().unwrap();
    assert_eq!(detail.newest_point, Some(minute(6)));
}
