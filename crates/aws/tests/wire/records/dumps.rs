//! The port of dumps over S3.

use anyhow::Context as _;
use bytes::Bytes;
use futures::TryStreamExt as _;
use tidemark_dumps::{DumpStore, StoreErrorKind, testing::MemoryDumps};

use super::place::Place;

/// What a part has at least, but for the last.
const PART: usize = 5 << 20;
const KEY: &str = "dumps/odd name + é &<>%41=";

async fn content(store: &dyn DumpStore, etag: &str, from: u64) -> anyhow::Result<Vec<u8>> {
    let pieces: Vec<Bytes> = store.get(KEY, etag, from).await?.try_collect().await?;
    Ok(pieces.concat())
}

/// What the way to a bucket and back relies on, the same for the fake and for every world.
async fn keeps_the_contract(store: &dyn DumpStore) -> anyhow::Result<()> {
    assert_eq!(store.head(KEY).await?, None);
    assert_eq!(store.get_small(KEY, 10).await?, None);
    assert_eq!(store.uploads("dumps/").await?, []);
    let left = store.begin(KEY).await?;
    store.part(KEY, &left, 1, Bytes::from_static(b"x")).await?;
    let upload = store.begin(KEY).await?;
    let mut uploads: Vec<String> = store
        .uploads("dumps/odd")
        .await?
        .into_iter()
        .map(|upload| {
            assert_eq!(upload.key, KEY);
            upload.id
        })
        .collect();
    uploads.sort();
    let mut begun = vec![left.clone(), upload.clone()];
    begun.sort();
    assert_eq!(uploads, begun);
    for _ in 0..2 {
        store.abort(KEY, &left).await?;
    }
    let first = Bytes::from(vec![7; PART]);
    // A part that is sent again replaces the one before.
    store
        .part(KEY, &upload, 2, Bytes::from_static(b"old"))
        .await?;
    let second = store
        .part(KEY, &upload, 2, Bytes::from_static(b"the end"))
        .await?;
    let one = store.part(KEY, &upload, 1, first.clone()).await?;
    assert_eq!(
        store.head(KEY).await?,
        None,
        "it is not there before it is whole"
    );
    let parts = [(1, one), (2, second)];
    let etag = store.complete(KEY, &upload, &parts, None).await?;
    let head = store.head(KEY).await?.context("it is there")?;
    assert!(head.is_dump && head.etag == etag, "{head:?}");
    assert!(etag.ends_with("-2"), "{etag}");
    assert_eq!(head.size, PART as u64 + 7);
    assert_eq!(store.uploads("dumps/").await?, []);
    // An upload that is complete is gone, or is that object still; it makes no other.
    match store.complete(KEY, &upload, &parts, None).await {
        Ok(same) => assert_eq!(same, etag),
        Err(error) => assert!(
            matches!(
                error.kind,
                StoreErrorKind::NotFound | StoreErrorKind::Precondition
            ),
            "{error:?}"
        ),
    }
    assert_eq!(content(store, &etag, PART as u64).await?, b"the end");
    assert_eq!(content(store, &etag, 0).await?.len(), PART + 7);
    let other = store
        .get(KEY, "0123456789abcdef0123456789abcdef-2", 0)
        .await;
    let kind = other.err().map(|error| error.kind);
    assert_eq!(kind, Some(StoreErrorKind::Precondition));
    conditions(store, &etag).await
}

async fn conditions(store: &dyn DumpStore, etag: &str) -> anyhow::Result<()> {
    let manifest = format!("{KEY}.manifest.json");
    store.put_new(&manifest, b"{}".to_vec()).await?;
    let again = store.put_new(&manifest, b"{}".to_vec()).await;
    let kind = again.err().map(|error| error.kind);
    assert_eq!(kind, Some(StoreErrorKind::Precondition));
    let small = store.get_small(&manifest, 10).await?;
    assert_eq!(small.as_deref(), Some(&b"{}"[..]));
    let upload = store.begin(KEY).await?;
    let part = store
        .part(KEY, &upload, 1, Bytes::from_static(b"new"))
        .await?;
    let parts = [(1, part)];
    let over = store.complete(KEY, &upload, &parts, None).await;
    let kind = over.err().map(|error| error.kind);
    assert_eq!(kind, Some(StoreErrorKind::Precondition));
    let newer = store.complete(KEY, &upload, &parts, Some(etag)).await?;
    assert_eq!(content(store, &newer, 0).await?, b"new");
    let mut keys = Vec::new();
    let mut page = None;
    loop {
        let found = store.keys("dumps/", page.as_deref()).await?;
        keys.extend(found.keys);
        match found.next {
            Some(next) => page = Some(next),
            None => break,
        }
    }
    assert_eq!(keys, [KEY.to_owned(), manifest]);
    Ok(())
}

#[tokio::test]
async fn the_fake_bucket_of_dumps_keeps_the_contract() -> anyhow::Result<()> {
    keeps_the_contract(&MemoryDumps::default()).await
}

#[tokio::test]
async fn dumps_in_the_sandbox_keep_the_contract() -> anyhow::Result<()> {
    let place = Place::sandbox().await?;
    keeps_the_contract(&place.clients.dumps(&place.bucket)).await
}

#[tokio::test]
async fn dumps_in_ministack_keep_the_contract() -> anyhow::Result<()> {
    match Place::ministack().await? {
        Some(place) => keeps_the_contract(&place.clients.dumps(&place.bucket)).await,
        None => Ok(()),
    }
}
