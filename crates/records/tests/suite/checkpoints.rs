//! Checkpoints in memory, and as objects beside the backup.

use std::sync::Arc;

use tidemark_records::{
    checkpoints::BucketCheckpoints,
    index::BackupPaths,
    ports::Checkpoints,
    testing::{MemoryCheckpoints, MemoryStore, StillClock, checkpoints_contract},
};

#[tokio::test]
async fn the_fake_keeps_the_contract() {
    checkpoints_contract(&MemoryCheckpoints::default()).await;
}

#[tokio::test]
async fn checkpoints_in_the_bucket_keep_the_contract() {
    let store = MemoryStore::new(StillClock::default());
    let paths = BackupPaths::new("backups", "orders");
    checkpoints_contract(&BucketCheckpoints::new(Arc::new(store), paths)).await;
}

#[tokio::test]
async fn of_many_who_take_a_shard_at_once_one_gets_it() {
    let store = Arc::new(MemoryStore::new(StillClock::default()));
    let now = jiff::Timestamp::constant(1_800_000_000, 0);
    let until = now + std::time::Duration::from_mins(1);
    let takers = (0..8).map(|number| {
        let store = store.clone();
        async move {
            let checkpoints = BucketCheckpoints::new(store, BackupPaths::new("backups", "orders"));
            checkpoints
                .lease("capture", "shard", &format!("w{number}"), now, until)
                .await
                .unwrap()
                .is_some()
        }
    });
    let got = futures::future::join_all(takers).await;
    assert_eq!(got.into_iter().filter(|got| *got).count(), 1);
}
