use tidemark_services::error::StoreError;
use tidemark_store::{Store, StoreConfig};

use crate::harness::on_both;

on_both!(
    migrating_twice_changes_nothing,
    it_answers_a_ping_and_can_be_written,
    a_database_of_a_newer_version_is_refused_by_that_name,
);

async fn migrating_twice_changes_nothing(store: Store) {
    store.migrate().await.unwrap();
    assert!(store.accounts().list().await.unwrap().is_empty());
}

async fn it_answers_a_ping_and_can_be_written(store: Store) {
    store.ping().await.unwrap();
    store.probe().await.unwrap();
}

async fn a_database_of_a_newer_version_is_refused_by_that_name(store: Store) {
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'of tomorrow', TRUE, '', 0)";
    store.execute(newer).await.unwrap();
    let error = store.migrate().await.unwrap_err().to_string();
    assert!(error.contains("newer version"), "{error}");
    assert!(error.contains("9999"), "{error}");
}

#[tokio::test]
async fn a_url_of_another_database_is_refused_with_the_rule() {
    let error = Store::open("mysql://localhost/x").await.unwrap_err();
    assert!(matches!(&error, StoreError::Invalid(invalid) if invalid.field == "database URL"));
}

#[tokio::test]
async fn a_database_in_memory_is_one_database_for_readers_and_the_writer() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    let account = crate::builders::account(crate::builders::A, "one");
    store.accounts().add(&account).await.unwrap();
    assert_eq!(store.accounts().list().await.unwrap(), [account]);
}

#[tokio::test]
async fn what_is_written_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("store.db").display());
    let account = crate::builders::account(crate::builders::A, "one");
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    store.accounts().add(&account).await.unwrap();
    store.close().await;
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    assert_eq!(store.accounts().list().await.unwrap(), [account]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_may_make_the_first_tables_at_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("store.db").display());
        // Each with connections of its own, as processes have.
        let starts = (0..4).map(|_| {
            let url = url.clone();
            tokio::spawn(async move {
                let store = Store::open(&url).await?;
                store.migrate().await?;
                Ok::<_, StoreError>(store)
            })
        });
        for start in futures::future::join_all(starts).await {
            let store = start.unwrap().unwrap();
            assert!(store.accounts().list().await.unwrap().is_empty());
            store.close().await;
        }
    }
}

#[tokio::test]
async fn a_second_process_that_serves_one_file_is_refused_by_the_number_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("store.db").display());
    let config = StoreConfig::default();
    let first = Store::open_alone(&url, &config).await.unwrap();
    let refused = Store::open_alone(&url, &config).await.unwrap_err();
    let (said, number) = (refused.to_string(), std::process::id().to_string());
    assert!(matches!(refused, StoreError::Conflict(_)), "{said}");
    assert!(
        said.contains(&number) && said.contains("PostgreSQL"),
        "{said}"
    );
    // A command comes and goes beside it.
    Store::open(&url).await.unwrap().close().await;
    first.close().await;
    drop(first);
    Store::open_alone(&url, &config).await.unwrap();
}

#[tokio::test]
async fn nobody_else_may_read_the_file_or_what_stands_beside_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    // One of an older version was open to all.
    std::fs::write(&path, "").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let url = format!("sqlite://{}", path.display());
    let store = Store::open_alone(&url, &StoreConfig::default())
        .await
        .unwrap();
    store.migrate().await.unwrap();
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        let name = entry.file_name().into_string().unwrap();
        assert_eq!(mode, 0o600, "{name}");
        seen.push(name);
    }
    seen.sort();
    assert_eq!(
        seen,
        ["store.db", "store.db-shm", "store.db-wal", "store.db.lock"]
    );
}
