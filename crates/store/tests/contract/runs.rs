use tidemark_runs::contract;
use tidemark_store::Store;

use crate::harness::{on_postgres, on_sqlite};

/// The suite of the port, each case against a database of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_the_contract_of_the_run_store() {
    for case in contract::cases() {
        on_sqlite(async |store: Store| case.check(store.runs()).await.unwrap()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_keeps_the_contract_of_the_run_store() {
    for case in contract::cases() {
        on_postgres(move |store: Store| async move { case.check(store.runs()).await.unwrap() })
            .await;
    }
}
