//! A fresh database per test, of either kind.

use std::future::Future;

use tidemark_store::Store;
use uuid::Uuid;

/// URL of a PostgreSQL server whose user may create databases.
const POSTGRES: &str = "TIDEMARK_TEST_POSTGRES_URL";

/// Runs a test on SQLite, in a folder of its own.
pub(crate) async fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Store) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("store.db").display());
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    test(store.clone()).await;
    store.close().await;
}

/// Runs a test on PostgreSQL, in a database of its own; says so when there is no server to run it on.
pub(crate) async fn on_postgres<F: Future<Output = ()> + Send + 'static>(
    test: impl FnOnce(Store) -> F,
) {
    let Ok(server) = std::env::var(POSTGRES) else {
        eprintln!("SKIPPED on PostgreSQL: {POSTGRES} is not set");
        return;
    };
    let (url, name) = create_database(&server).await;
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    // In a task, so that the database goes even when the test fails.
    let outcome = tokio::spawn(test(store.clone())).await;
    store.close().await;
    drop_database(&server, &name).await;
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

/// Runs a test with the URL of a PostgreSQL database of its own, whose tables are there.
pub(crate) async fn on_postgres_at<F: Future<Output = ()> + Send + 'static>(
    test: impl FnOnce(String) -> F,
) {
    let Ok(server) = std::env::var(POSTGRES) else {
        eprintln!("SKIPPED on PostgreSQL: {POSTGRES} is not set");
        return;
    };
    let (url, name) = create_database(&server).await;
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    let outcome = tokio::spawn(test(url)).await;
    drop_database(&server, &name).await;
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

/// Answers the URL of a new database, and its name.
async fn create_database(server: &str) -> (String, String) {
    let name = format!("tidemark_test_{}", Uuid::new_v4().simple());
    execute(server, &format!("CREATE DATABASE {name}")).await;
    let (base, options) = server.split_once('?').unwrap_or((server, ""));
    let (base, _) = base.rsplit_once('/').unwrap();
    (format!("{base}/{name}?{options}"), name)
}

async fn drop_database(server: &str, name: &str) {
    execute(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

async fn execute(server: &str, sql: &str) {
    let store = Store::open(server).await.unwrap();
    store.execute(sql).await.unwrap();
    store.close().await;
}

/// Declares tests that run on both databases: functions that take a [`Store`].
macro_rules! on_both {
    ($($(#[$attribute:meta])* $name:ident),* $(,)?) => {
        mod sqlite {
            $($(#[$attribute])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { crate::harness::on_sqlite(super::$name).await; })*
        }
        mod postgres {
            $($(#[$attribute])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { crate::harness::on_postgres(super::$name).await; })*
        }
    };
}
pub(crate) use on_both;
