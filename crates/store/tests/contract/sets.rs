use tidemark_domain::sets::StoredSet;
use tidemark_services::error::StoreError;
use tidemark_store::Store;

use crate::{builders::minute, harness::on_both};

on_both!(
    sets_come_back_as_they_were_written_with_all_their_versions,
    a_version_that_is_not_the_next_is_a_conflict,
    of_two_who_write_the_same_version_one_does,
);

fn set(name: &str, version: u32, manifest: &str) -> StoredSet {
    StoredSet {
        name: name.to_owned(),
        version,
        manifest: manifest.to_owned(),
        written_by: "anna".to_owned(),
        written_at: minute(i64::from(version)),
    }
}

async fn sets_come_back_as_they_were_written_with_all_their_versions(store: Store) {
    let sets = store.sets();
    assert_eq!(sets.list().await.unwrap(), []);
    let first = set("shop", 1, "# a \"comment\"\nversion: 1\n");
    let second = set("shop", 2, "version: 1\n");
    let other = set("Shop", 1, "version: 1\n");
    for one in [&first, &second, &other] {
        sets.put(one).await.unwrap();
    }
    assert_eq!(sets.list().await.unwrap(), [other, second.clone()]);
    assert_eq!(sets.get("shop", None).await.unwrap(), Some(second));
    assert_eq!(sets.get("shop", Some(1)).await.unwrap(), Some(first));
    assert_eq!(sets.get("shop", Some(3)).await.unwrap(), None);
    assert_eq!(sets.get("none", None).await.unwrap(), None);
    let versions = sets.versions("shop").await.unwrap();
    let told: Vec<_> = versions
        .iter()
        .map(|one| (one.version, one.written_at))
        .collect();
    assert_eq!(told, [(2, minute(2)), (1, minute(1))]);
}

async fn a_version_that_is_not_the_next_is_a_conflict(store: Store) {
    let sets = store.sets();
    for version in [0, 2] {
        let error = sets.put(&set("shop", version, "x")).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict(_)), "{error}");
    }
    sets.put(&set("shop", 1, "x")).await.unwrap();
    let error = sets.put(&set("shop", 1, "y")).await.unwrap_err();
    assert!(matches!(error, StoreError::Conflict(_)), "{error}");
    assert_eq!(sets.get("shop", None).await.unwrap().unwrap().manifest, "x");
}

async fn of_two_who_write_the_same_version_one_does(store: Store) {
    let (one, other) = (store.sets(), store.sets());
    let (first, second) = (set("shop", 1, "x"), set("shop", 1, "y"));
    let (a, b) = tokio::join!(one.put(&first), other.put(&second));
    assert_ne!(a.is_ok(), b.is_ok(), "{a:?} {b:?}");
    assert_eq!(store.sets().versions("shop").await.unwrap().len(), 1);
}
