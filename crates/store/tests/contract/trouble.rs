//! The database in trouble, and after it.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tidemark_services::{
    audit::{AuditEntry, AuditOutcome},
    error::{Outage, StoreError},
    ports::ScopeSnapshot,
};
use tidemark_store::{Store, StoreConfig};
use tidemark_testkit::Proxy;

use crate::{
    builders::{A, account, minute, scope},
    harness::{on_postgres_at, on_sqlite},
};

fn entry(detail: String) -> AuditEntry {
    AuditEntry {
        at: Timestamp::UNIX_EPOCH,
        actor: "anna".into(),
        origin: "test".into(),
        action: "a.b".into(),
        subject: "x".into(),
        outcome: AuditOutcome::Allowed,
        plan_digest: None,
        detail: Some(detail),
        request_ids: Vec::new(),
    }
}

fn outage<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> Outage {
    match answer {
        Err(StoreError::Unavailable { outage, .. }) => outage,
        other => panic!("not an outage: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_forgotten_once_there_is_space() {
    on_sqlite(async |store: Store| {
        let audit = store.audit();
        audit.append(&entry("before".to_owned())).await.unwrap();
        // What SQLite reports then is what it reports when the disk is full; the limit ends with the connection.
        store.execute("PRAGMA max_page_count = 1").await.unwrap();
        let large = account(A, &"x".repeat(1024 * 1024));
        let refused = store.accounts().add(&large).await;
        assert_eq!(outage(refused), Outage::DiskFull);
        // The next one does not find the transaction of the one that failed.
        store.accounts().add(&large).await.unwrap();
        store.catalogue().want_sync(&[], minute(1)).await.unwrap();
        audit.append(&entry("after".to_owned())).await.unwrap();
        // It writes, but others could not a moment ago.
        assert_eq!(outage(store.probe().await), Outage::DiskFull);
        tokio::time::sleep(Duration::from_secs(6)).await;
        store.probe().await.unwrap();
        assert_eq!(audit.read_from(1, 10).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_nobody_waits_for_is_over_and_leaves_the_writer_free() {
    on_sqlite(async |store: Store| {
        for round in 0..50 {
            let audit = store.audit();
            let append = entry(format!("{round}"));
            let abandoned = audit.append(&append);
            let _ = tokio::time::timeout(Duration::from_micros(round * 40), abandoned).await;
            let start = Instant::now();
            audit.append(&entry("after".to_owned())).await.unwrap();
            assert!(start.elapsed() < Duration::from_secs(5));
        }
    })
    .await;
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    for round in 0..50 {
        let audit = store.audit();
        let append = entry(format!("{round}"));
        let abandoned = audit.append(&append);
        let _ = tokio::time::timeout(Duration::from_micros(round * 40), abandoned).await;
        audit.append(&entry("after".to_owned())).await.unwrap();
    }
}

const PATIENCE: Duration = Duration::from_secs(2);

fn hasty(connections: u32) -> StoreConfig {
    StoreConfig {
        connections,
        patience: PATIENCE,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_died_silently_are_given_up_and_hold_no_lock() {
    on_postgres_at(async |url: String| {
        let healthy = Store::open(&url).await.unwrap();
        let way = Proxy::to(&url).await.unwrap();
        let cut_off = Store::open_with(way.url(), &hasty(4)).await.unwrap();
        healthy.accounts().add(&account(A, "a")).await.unwrap();
        let read = ScopeSnapshot::default();
        // In the middle of a transaction that holds the lock of the catalogue, and on connections that rest.
        let mut busy = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (store, read) = (cut_off.clone(), read.clone());
            busy.spawn(async move {
                loop {
                    let catalogue = store.catalogue();
                    if let Err(error) = catalogue.apply_sync(&scope(A), &read, minute(1)).await {
                        return error;
                    }
                }
            });
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        way.fall_silent();
        let fell = Instant::now();
        // Nothing waits for good.
        while let Some(ended) = busy.join_next().await {
            let error = ended.unwrap();
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
            assert!(fell.elapsed() < PATIENCE * 4, "{:?}", fell.elapsed());
        }
        let probed = Instant::now();
        let _ = outage(cut_off.probe().await);
        assert!(probed.elapsed() < PATIENCE * 3, "{:?}", probed.elapsed());
        // Whoever is well goes on, although the other one had the lock.
        let start = Instant::now();
        healthy
            .catalogue()
            .apply_sync(&scope(A), &read, minute(2))
            .await
            .unwrap();
        assert!(start.elapsed() < PATIENCE * 2, "{:?}", start.elapsed());
        way.hear();
        let heard = Instant::now();
        while cut_off.probe().await.is_err() {
            assert!(heard.elapsed() < PATIENCE * 3);
        }
        cut_off
            .catalogue()
            .apply_sync(&scope(A), &read, minute(3))
            .await
            .unwrap();
        cut_off.close().await;
        healthy.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_is_told_at_once_and_over_as_soon_as_the_server_is_back() {
    on_postgres_at(async |url: String| {
        let mut way = Proxy::to(&url).await.unwrap();
        let store = Store::open_with(way.url(), &hasty(4)).await.unwrap();
        let reads = (0..4).map(|_| store.ping());
        futures::future::join_all(reads).await;
        way.refuse();
        let start = Instant::now();
        let outage = outage(store.probe().await);
        assert!(
            matches!(outage, Outage::Restarting | Outage::Unreachable),
            "{outage:?}"
        );
        assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
        way.take_again().await;
        store.probe().await.unwrap();
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_servers_limit_connections_are_shared_and_who_has_none_is_told_why() {
    on_postgres_at(async |url: String| {
        let all = Store::open(&url).await.unwrap();
        let role = format!("tidemark_few_{}", uuid::Uuid::new_v4().simple());
        let made = format!("CREATE ROLE {role} LOGIN PASSWORD 'few' CONNECTION LIMIT 3");
        all.execute(&made).await.unwrap();
        let grant = format!("GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}");
        all.execute(&grant).await.unwrap();
        let (_, place) = url.rsplit_once('@').unwrap();
        let few = format!("postgres://{role}:few@{place}");
        // It would open eight.
        let one = Store::open_with(&few, &hasty(8)).await.unwrap();
        let start = Instant::now();
        let reads = (0..200).map(|_| {
            let store = one.clone();
            tokio::spawn(async move { store.accounts().list().await })
        });
        for read in futures::future::join_all(reads).await {
            read.unwrap().unwrap();
        }
        assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());

        // Another process finds no place.
        let held: Vec<_> = (0..3).map(|_| one.execute("SELECT pg_sleep(3)")).collect();
        let held = futures::future::join_all(held);
        let refused = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let start = Instant::now();
            let refused = outage(Store::open_with(&few, &hasty(8)).await);
            (refused, start.elapsed())
        };
        let (held, (refused, after)) = futures::future::join(held, refused).await;
        assert_eq!(refused, Outage::ConnectionLimit);
        assert!(after < Duration::from_secs(2), "{after:?}");
        assert!(held.into_iter().any(|done| done.is_ok()));
        one.close().await;
        all.execute(&format!("DROP OWNED BY {role}")).await.unwrap();
        all.execute(&format!("DROP ROLE {role}")).await.unwrap();
        all.close().await;
    })
    .await;
}
