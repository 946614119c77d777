use std::sync::Arc;

use tidemark_runs::{MemoryRunStore, contract};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_memory_store_keeps_the_contract() {
    contract::check_all(|| async { Arc::new(MemoryRunStore::new()) as Arc<_> })
        .await
        .unwrap();
}
