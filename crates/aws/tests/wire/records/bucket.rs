//! The port over S3.

use std::collections::BTreeMap;

use tidemark_records::{
    ports::{
        Condition, GetObject, ObjectStore, PortErrorKind, PutObject, VersionCursor, Versioning,
    },
    testing::{MemoryStore, StillClock, checkpoints_contract},
};

use super::place::Place;

/// What the engine relies on, the same for the fake and for every world.
async fn keeps_the_contract(store: &dyn ObjectStore) -> anyhow::Result<()> {
    assert_eq!(store.versioning().await?, Versioning::Enabled);
    conditions(store).await?;
    reading(store).await?;
    versions(store).await?;
    Ok(())
}

async fn conditions(store: &dyn ObjectStore) -> anyhow::Result<()> {
    let first = PutObject::new("c/index.json", "one").when(Condition::Absent);
    let stored = store.put(&first).await?;
    let again = store.put(&first).await.map_err(|error| error.kind);
    assert_eq!(again, Err(PortErrorKind::PreconditionFailed));
    let etag = stored.etag.clone();
    let second = PutObject::new("c/index.json", "two").when(Condition::Matches(etag));
    let newer = store.put(&second).await?;
    assert_ne!(newer.etag, stored.etag);
    let stale = store.put(&second).await.map_err(|error| error.kind);
    assert_eq!(stale, Err(PortErrorKind::PreconditionFailed));
    let gone = PutObject::new("c/none", "x").when(Condition::Matches(stored.etag));
    let gone = store.put(&gone).await.map_err(|error| error.kind);
    assert_eq!(gone, Err(PortErrorKind::PreconditionFailed));
    let body = store.get(&GetObject::new("c/index.json")).await?.body;
    assert_eq!(&body[..], b"two");
    Ok(())
}

async fn reading(store: &dyn ObjectStore) -> anyhow::Result<()> {
    let name = "r/odd name + é &<>%41/=";
    let mut put = PutObject::new(name, vec![0, 1, 2, 255]);
    put.metadata = BTreeMap::from([("tidemark-sequence".to_owned(), "0007".to_owned())]);
    let stored = store.put(&put).await?;
    let object = store.get(&GetObject::new(name)).await?;
    assert_eq!(&object.body[..], [0, 1, 2, 255]);
    assert_eq!(object.head.metadata, put.metadata);
    assert_eq!(object.head.etag, stored.etag);
    assert_eq!(object.head.size, 4);
    let head = store.head(name, None).await?;
    assert_eq!(head.metadata, put.metadata);
    assert_eq!(head.version, stored.version);
    let part = GetObject {
        name: name.to_owned(),
        version: None,
        range: Some(1..3),
    };
    let part = store.get(&part).await?;
    assert_eq!(&part.body[..], [1, 2]);
    assert_eq!(part.head.size, 4, "the whole object's");
    let page = store.list("r/", None).await?;
    let names: Vec<&str> = page.objects.iter().map(|object| &object.name[..]).collect();
    assert_eq!(names, [name]);
    assert_eq!(page.objects[0].etag, stored.etag);
    store
        .copy(name, stored.version.as_deref(), "r2/copy")
        .await?;
    let copy = store.get(&GetObject::new("r2/copy")).await?;
    assert_eq!(&copy.body[..], [0, 1, 2, 255]);
    assert_eq!(copy.head.metadata, put.metadata);
    for result in [
        store.get(&GetObject::new("r/none")).await.map(|_| ()),
        store.head("r/none", None).await.map(|_| ()),
    ] {
        assert_eq!(
            result.map_err(|error| error.kind),
            Err(PortErrorKind::NotFound)
        );
    }
    Ok(())
}

async fn versions(store: &dyn ObjectStore) -> anyhow::Result<()> {
    let old = store.put(&PutObject::new("v/a", "1")).await?;
    store.put(&PutObject::new("v/a", "2")).await?;
    let marker = store.delete("v/a").await?;
    store.put(&PutObject::new("v/b", "3")).await?;
    assert_eq!(store.delete("v/never").await.map(|_| ()), Ok(()));
    let mut all = Vec::new();
    let mut after: Option<VersionCursor> = None;
    loop {
        let page = store.list_versions("v/", after.as_ref()).await?;
        all.extend(page.versions);
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    all.retain(|version| version.name != "v/never");
    let shown: Vec<(&str, bool, bool, u64)> = all
        .iter()
        .map(|v| (&v.name[..], v.latest, v.deleted, v.size))
        .collect();
    assert_eq!(shown[0], ("v/a", true, true, 0), "the marker is the newest");
    assert_eq!(shown.len(), 4);
    assert_eq!(shown[3], ("v/b", true, false, 1));
    assert_eq!(Some(&all[0].version), marker.as_ref());
    let first = GetObject::version("v/a", old.version);
    assert_eq!(&store.get(&first).await?.body[..], b"1");
    for request in [GetObject::new("v/a"), GetObject::version("v/a", marker)] {
        let gone = store.get(&request).await.map_err(|error| error.kind);
        assert_eq!(
            gone.map(|_| ()),
            Err(PortErrorKind::NotFound),
            "{request:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_fake_bucket_keeps_the_contract() -> anyhow::Result<()> {
    keeps_the_contract(&MemoryStore::new(StillClock::default())).await
}

#[tokio::test]
async fn a_bucket_in_the_sandbox_keeps_the_contract() -> anyhow::Result<()> {
    let place = Place::sandbox().await?;
    keeps_the_contract(place.store().as_ref()).await
}

#[tokio::test]
async fn a_bucket_in_ministack_keeps_the_contract() -> anyhow::Result<()> {
    match Place::ministack().await? {
        Some(place) => keeps_the_contract(place.store().as_ref()).await,
        None => Ok(()),
    }
}

#[tokio::test]
async fn checkpoints_in_a_bucket_of_the_sandbox_keep_their_contract() -> anyhow::Result<()> {
    let place = Place::sandbox().await?;
    let index = place.index();
    let checkpoints =
        tidemark_records::checkpoints::BucketCheckpoints::new(place.store(), index.paths().clone());
    checkpoints_contract(&checkpoints).await;
    Ok(())
}

#[tokio::test]
async fn a_bucket_that_is_missing_is_no_object_that_is_missing() -> anyhow::Result<()> {
    let place = Place::sandbox().await?;
    let store = place.clients.store("there-is-no-such-bucket");
    let answer = store.get(&GetObject::new("index.json")).await;
    assert_eq!(
        answer.map_err(|error| error.kind).map(|_| ()),
        Err(PortErrorKind::Invalid)
    );
    Ok(())
}
