use jiff::civil::date;
use tidemark_domain::{
    Job, JobKind, RecoveryPoint, Tier,
    coverage::{Control, ControlKind, ControlScope, DayCount},
};
use tidemark_services::ports::{Insight, ScopeSnapshot};
use tidemark_store::Store;
use tidemark_testkit::{FakeAccountStore, FakeCatalogue, FakeInsight};

use crate::{
    builders::{A, B, account_id, backup_job, minute, point, scope, table, table_arn},
    harness::on_both,
};

on_both!(
    facts_and_sums_are_those_of_the_reference,
    sizes_at_the_end_of_the_scale_fail_no_sum,
    controls_keep_every_change,
    a_day_is_kept_once_and_days_come_in_order,
);

fn restore_job(id: &str, status: &str, at: i64) -> Job {
    Job {
        kind: JobKind::Restore,
        ..backup_job(A, id, &table_arn(A, "orders"), status, at)
    }
}

/// Account A with tables, account B with copies of one of them.
fn snapshots() -> [(tidemark_domain::Scope, ScopeSnapshot); 2] {
    let orders = table_arn(A, "orders");
    let mut owned = table(A, "orders");
    owned.tags.insert("Owner".to_owned(), "Olga".to_owned());
    let with = |id: &str, at: i64, change: fn(&mut RecoveryPoint)| {
        let mut one = point(A, id, &table_arn(A, "orders"), at);
        change(&mut one);
        one
    };
    let first = ScopeSnapshot {
        resources: vec![owned, table(A, "bare"), table(A, "kept")],
        points: vec![
            with("old", 10, |p| p.locked = true),
            with("new", 2_000, |p| p.tier = Tier::Cold),
            with("broken", 3_000, |p| "DELETING".clone_into(&mut p.status)),
            with("continuous", 500, |p| {
                p.source = tidemark_domain::PointSource::Continuous;
                "AVAILABLE".clone_into(&mut p.status);
                p.delete_at = None;
            }),
            {
                let mut one = point(A, "for-ever", &table_arn(A, "kept"), 70);
                one.delete_at = None;
                one.plan_id = None;
                one.size_bytes = None;
                one
            },
        ],
        jobs: vec![
            restore_job("r1", "COMPLETED", 100),
            restore_job("r2", "COMPLETED", 300),
            restore_job("r3", "FAILED", 400),
            backup_job(A, "b1", &orders, "COMPLETED", 500),
        ],
        ..ScopeSnapshot::default()
    };
    let mut copy = point(B, "copy", &orders, 40);
    copy.account = B.parse().unwrap();
    copy.region = "us-east-1".parse().unwrap();
    let second = ScopeSnapshot {
        points: vec![copy],
        ..ScopeSnapshot::default()
    };
    let mut far = scope(B);
    far.region = "us-east-1".parse().unwrap();
    [(scope(A), first), (far, second)]
}

async fn sizes_at_the_end_of_the_scale_fail_no_sum(store: Store) {
    let catalogue = store.catalogue();
    let resource = table_arn(A, "orders");
    let sized = |id: &str, size: u64| {
        let mut point = point(A, id, &resource, 1);
        point.size_bytes = Some(size);
        point
    };
    let honest = 3_000_000_000_000_000_001;
    let stored = async |points: Vec<tidemark_domain::RecoveryPoint>, of: &str| {
        let snapshot = ScopeSnapshot {
            vaults: vec![crate::builders::vault(of, "daily")],
            points,
            ..ScopeSnapshot::default()
        };
        catalogue
            .apply_sync(&scope(of), &snapshot, minute(9))
            .await
            .unwrap();
        let parts = store.insight().stored(None).await.unwrap();
        let every = tidemark_domain::VaultFilter::default();
        let vaults: Vec<u64> = catalogue
            .vault_rows(&every)
            .await
            .unwrap()
            .items
            .iter()
            .map(|row| row.contents.bytes)
            .collect();
        let (warm, ..) = catalogue.storage().await.unwrap();
        let sum = parts.iter().map(|part| part.stored.bytes).max().unwrap();
        (sum, vaults, warm)
    };
    // Exact as long as it fits.
    let (sum, vaults, warm) = stored(vec![sized("a", honest), sized("b", honest)], A).await;
    assert_eq!((sum, warm), (2 * honest, 2 * honest));
    assert_eq!(vaults, [2 * honest]);
    let most = i64::MAX.unsigned_abs();
    let lies = ["c", "d", "e"].map(|id| sized(id, u64::MAX));
    let (sum, _, warm) = stored(lies.to_vec(), A).await;
    assert_eq!((sum, warm), (most, most));
    let mut other = sized("f", most);
    other.account = account_id(B);
    let (_, _, warm) = stored(vec![other], B).await;
    assert_eq!(warm, most);
}

async fn facts_and_sums_are_those_of_the_reference(store: Store) {
    let fake = FakeCatalogue::new(FakeAccountStore::default());
    for (scope, snapshot) in snapshots() {
        for catalogue in [
            store.catalogue(),
            std::sync::Arc::new(fake.clone())
                as std::sync::Arc<dyn tidemark_services::ports::Catalogue>,
        ] {
            catalogue.begin_sync(&scope, minute(5_000)).await.unwrap();
            catalogue
                .apply_sync(&scope, &snapshot, minute(5_001))
                .await
                .unwrap();
        }
    }
    let reference = FakeInsight::new(fake);
    let insight = store.insight();
    for owner in [None, Some("olga"), Some("nobody")] {
        let facts = insight.coverage_facts(owner).await.unwrap();
        assert_eq!(
            facts,
            reference.coverage_facts(owner).await.unwrap(),
            "{owner:?}"
        );
        assert_eq!(
            insight.stored(owner).await.unwrap().len(),
            reference.stored(owner).await.unwrap().len()
        );
    }
    let all = insight.coverage_facts(None).await.unwrap();
    let orders = all.iter().find(|one| one.name == "orders").unwrap();
    assert_eq!(orders.points, 4, "usable, the copy included");
    assert_eq!(
        orders.newest,
        Some(minute(5_001)),
        "the continuous one is fed"
    );
    assert_eq!(orders.newest_other_account, Some(minute(40)));
    assert_eq!(orders.newest_other_region, Some(minute(40)));
    assert_eq!(orders.newest_locked, Some(minute(10)));
    assert_eq!(orders.longest_kept_days, Some(34));
    assert_eq!(orders.last_restore, Some(minute(301)));
    let kept = all.iter().find(|one| one.name == "kept").unwrap();
    assert_eq!(kept.longest_kept_days, Some(i64::MAX));
    let bytes = |parts: Vec<tidemark_services::ports::StoredPart>| {
        let mut sums: Vec<(String, u64, u64)> = parts
            .iter()
            .map(|part| {
                (
                    format!(
                        "{} {} {:?} {:?}",
                        part.account, part.stored.region, part.stored.tier, part.plan_id
                    ),
                    part.stored.bytes,
                    part.stored.points,
                )
            })
            .collect();
        sums.sort();
        sums
    };
    assert_eq!(
        bytes(insight.stored(None).await.unwrap()),
        bytes(reference.stored(None).await.unwrap())
    );
    assert_eq!(
        bytes(insight.stored_of(&table_arn(A, "orders")).await.unwrap()),
        bytes(reference.stored_of(&table_arn(A, "orders")).await.unwrap())
    );
}

fn control(id: &str, hours: u32) -> Control {
    Control {
        id: id.to_owned(),
        name: format!("Every {hours} hours"),
        kind: ControlKind::Frequency { hours },
        scope: ControlScope {
            tag: Some(("stage".to_owned(), "prod".to_owned())),
            ..ControlScope::default()
        },
        enabled: true,
    }
}

async fn controls_keep_every_change(store: Store) {
    let insight = store.insight();
    assert!(insight.controls().await.unwrap().is_empty());
    insight
        .put_control(&control("b", 24), "anna", minute(1))
        .await
        .unwrap();
    insight
        .put_control(&control("a", 12), "anna", minute(2))
        .await
        .unwrap();
    insight
        .put_control(&control("b", 48), "bert", minute(3))
        .await
        .unwrap();
    assert_eq!(
        insight.controls().await.unwrap(),
        [control("a", 12), control("b", 48)]
    );
    assert!(
        insight
            .remove_control("a", "cora", minute(4))
            .await
            .unwrap()
    );
    assert!(
        !insight
            .remove_control("a", "cora", minute(5))
            .await
            .unwrap()
    );
    let changes = insight.control_changes(10).await.unwrap();
    let told: Vec<(&str, &str, bool)> = changes
        .iter()
        .map(|change| {
            (
                change.by.as_str(),
                change.id.as_str(),
                change.control.is_some(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("cora", "a", false),
            ("bert", "b", true),
            ("anna", "a", true),
            ("anna", "b", true)
        ]
    );
    assert_eq!(changes[3].control, Some(control("b", 24)));
    assert_eq!(insight.control_changes(1).await.unwrap().len(), 1);
}

async fn a_day_is_kept_once_and_days_come_in_order(store: Store) {
    let insight = store.insight();
    let count = |day: i8, control: &str, failed: u64| DayCount {
        day: date(2026, 11, day),
        control: control.to_owned(),
        passed: 7,
        failed,
        unknown: 1,
    };
    for (day, counts) in [
        (21, vec![count(21, "a", 1)]),
        (20, vec![count(20, "a", 2), count(20, "b", 3)]),
        (21, vec![count(21, "a", 9), count(21, "b", 0)]),
    ] {
        insight
            .keep_day(date(2026, 11, day), &counts)
            .await
            .unwrap();
    }
    assert_eq!(
        insight.days(date(2026, 11, 1)).await.unwrap(),
        [
            count(20, "a", 2),
            count(20, "b", 3),
            count(21, "a", 9),
            count(21, "b", 0)
        ]
    );
    assert_eq!(insight.days(date(2026, 11, 21)).await.unwrap().len(), 2);
    insight.keep_day(date(2026, 11, 21), &[]).await.unwrap();
    assert_eq!(insight.days(date(2026, 11, 1)).await.unwrap().len(), 2);
}
