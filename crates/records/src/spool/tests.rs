use std::sync::Arc;

use super::Spool;
use crate::{
    index::BackupPaths,
    key::{KeyAttribute, KeySchema, KeyType, RecordKey},
    testing::{MemoryStore, Random, StillClock},
    wire::Item,
};

#[tokio::test]
async fn more_than_fits_is_sorted_by_way_of_the_bucket_and_leaves_nothing_there()
-> anyhow::Result<()> {
    let store = MemoryStore::new(StillClock::default());
    let paths = BackupPaths::new("", "t");
    let mut spool = Spool::new(Arc::new(store.clone()), &paths, "work");
    spool.batch_limit = 2_000;
    spool.held_limit = 3_000;
    let schema = KeySchema::simple(KeyAttribute::new("id", KeyType::N));
    let mut random = Random::new(5);
    let mut wanted = Vec::new();
    for _ in 0..5_000 {
        let item = Item::parse(format!("{{\"id\":{{\"N\":\"{}\"}}}}", random.any()))?;
        let key = RecordKey::of_item(&schema, &item)?;
        wanted.push(key.clone());
        spool.add(key, item).await?;
    }
    wanted.sort();
    assert!(spool.levels.len() > 2, "runs of runs are merged, too");
    let open: usize = spool.levels.iter().map(Vec::len).sum();
    assert!(open < 48, "few runs are open at the end: {open}");
    let mut sorted = spool.sorted().await?;
    for key in wanted {
        let next = sorted.next().await?.map(|(key, _)| key);
        assert_eq!(next, Some(key));
    }
    assert!(sorted.next().await?.is_none());
    assert!(!store.names().is_empty());
    sorted.discard().await?;
    assert!(store.names().is_empty());
    Ok(())
}
