use tidemark_services::error::StoreError;
use tidemark_store::Store;

use crate::harness::on_both;

on_both!(migrating_twice_changes_nothing, it_answers_a_ping);

async fn migrating_twice_changes_nothing(store: Store) {
    store.migrate().await.unwrap();
    assert!(store.accounts().list().await.unwrap().is_empty());
}

async fn it_answers_a_ping(store: Store) {
    store.ping().await.unwrap();
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
