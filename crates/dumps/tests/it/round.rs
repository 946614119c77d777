//! To a bucket and back, with what goes wrong on the way.

use std::{
    future::pending,
    io::{self, Read},
    sync::{Arc, Mutex},
};

use jiff::Timestamp;
use tidemark_dumps::{
    Content, DumpError, DumpStore, Format, Giver, Manifest, Packing, Put, PutRequest, Taker, get,
    list, put,
    testing::{Fault, MemoryDumps},
};

use super::rdb::crc64;

const KEY: &str = "redis/today.rdb";

struct Given {
    content: io::Cursor<Vec<u8>>,
    ends: Result<(), String>,
}

impl Read for Given {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.content.read(room)
    }
}

impl Giver for Given {
    fn end(&mut self) -> Result<(), String> {
        self.ends.clone()
    }
}

/// What a command saw: the bytes, and whether its input was closed as at the end.
#[derive(Clone, Debug, Default)]
struct Seen(Arc<Mutex<(Vec<u8>, bool)>>);

impl Taker for Seen {
    fn take(&mut self, part: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap().0.extend_from_slice(part);
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        self.0.lock().unwrap().1 = true;
        Ok(())
    }
}

/// A snapshot of many keys whose values do not pack well.
fn snapshot(keys: u32) -> Vec<u8> {
    let mut body = b"REDIS0011".to_vec();
    let mut value = 1_u64;
    for number in 0..keys {
        body.extend([0, 4]);
        body.extend(number.to_be_bytes());
        body.push(63);
        for _ in 0..63 {
            value = value
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            body.push((value >> 56) as u8);
        }
    }
    body.push(0xff);
    let sum = crc64(&body);
    body.extend(sum.to_le_bytes());
    body
}

fn request() -> PutRequest {
    PutRequest {
        key: KEY.to_owned(),
        packing: None,
        format: Format::Auto,
        tool: "tidemark test".to_owned(),
        now: || Timestamp::UNIX_EPOCH,
    }
}

async fn store(
    bucket: &MemoryDumps,
    request: &PutRequest,
    content: &[u8],
) -> Result<Put, DumpError> {
    let given = Given {
        content: io::Cursor::new(content.to_vec()),
        ends: Ok(()),
    };
    put(&port(bucket), request, Box::new(given), pending()).await
}

fn port(bucket: &MemoryDumps) -> Arc<dyn DumpStore> {
    Arc::new(bucket.clone())
}

async fn bring(bucket: &MemoryDumps) -> (Result<Manifest, DumpError>, Vec<u8>, bool) {
    let seen = Seen::default();
    let result = get(&port(bucket), KEY, Box::new(seen.clone()), pending()).await;
    let (bytes, closed) = seen.0.lock().unwrap().clone();
    (result, bytes, closed)
}

#[tokio::test(start_paused = true)]
async fn a_dump_comes_back_as_it_went_whatever_it_is_packed_with() {
    for (packing, keys) in [
        (None, 300_000),
        (Some(Packing::Gzip), 20_000),
        (Some(Packing::None), 300_000),
    ] {
        let content = snapshot(keys);
        let bucket = MemoryDumps::default();
        let request = PutRequest {
            packing,
            ..request()
        };
        let put = store(&bucket, &request, &content).await.unwrap();
        let manifest = &put.manifest;
        assert_eq!(manifest.stream.bytes, content.len() as u64);
        assert_eq!(manifest.packing, packing.unwrap_or(Packing::Zstd));
        let stored = &bucket.objects()[KEY];
        assert_eq!(manifest.stored.bytes, stored.body.len() as u64);
        let parts = if keys > 20_000 { "-3" } else { "-1" };
        assert!(stored.etag.ends_with(parts), "in parts: {}", stored.etag);
        let Content::Rdb(found) = &manifest.content else {
            panic!("{:?}", manifest.content);
        };
        assert_eq!(found.keys, u64::from(keys));
        let (brought, bytes, closed) = bring(&bucket).await;
        assert_eq!(brought.unwrap(), put.manifest);
        assert!(closed && bytes == content);
        assert_eq!(bucket.open_uploads().len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_packed_is_stored_and_given_back_as_it_came() {
    let inner = snapshot(1_000);
    let content = zstd::encode_all(&inner[..], 1).unwrap();
    let bucket = MemoryDumps::default();
    let put = store(&bucket, &request(), &content).await.unwrap();
    assert!(put.manifest.came_packed);
    assert!(bucket.objects()[KEY].body == content);
    assert_eq!(put.manifest.unpacked.unwrap().bytes, inner.len() as u64);
    assert!(bring(&bucket).await.1 == content);
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_dropped_or_whose_answers_are_lost_change_nothing() {
    let content = snapshot(300_000);
    for fault in [Fault::Dropped, Fault::LostAnswer] {
        let bucket = MemoryDumps::default();
        for operation in [
            "HeadObject",
            "ListMultipartUploads",
            "CreateMultipartUpload",
            "UploadPart",
            "UploadPart",
            "CompleteMultipartUpload",
            "PutObject",
            "GetObject",
        ] {
            bucket.fail(operation, fault);
        }
        let put = store(&bucket, &request(), &content).await.unwrap();
        assert_eq!(bucket.objects().len(), 2, "the dump and its manifest");
        bucket.fail("GetObject (content)", Fault::BreaksOff(0));
        bucket.fail("GetObject (content)", Fault::BreaksOff(3_000_000));
        bucket.fail("GetObject (content)", Fault::BreaksOff(5_000_000));
        let (brought, bytes, closed) = bring(&bucket).await;
        assert_eq!(brought.unwrap(), put.manifest);
        assert!(closed && bytes == content);
    }
}

#[tokio::test(start_paused = true)]
async fn what_fails_leaves_neither_an_object_nor_an_upload() {
    let content = snapshot(300_000);
    let failing = |content: Vec<u8>| Given {
        content: io::Cursor::new(content),
        ends: Err("the command failed: exit status: 3".to_owned()),
    };
    let bucket = MemoryDumps::default();
    let given = Box::new(failing(content.clone()));
    let error = put(&port(&bucket), &request(), given, pending())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, DumpError::Source(what) if what.contains("status: 3")),
        "{error}"
    );
    // The stream is cut off because the command failed: that is what is told.
    let given = Box::new(failing(content[..100].to_vec()));
    let error = put(&port(&bucket), &request(), given, pending())
        .await
        .unwrap_err();
    assert!(matches!(error, DumpError::Source(_)), "{error}");
    let cut = &content[..content.len() - 1];
    let error = store(&bucket, &request(), cut).await.unwrap_err();
    assert!(matches!(error, DumpError::Refused(_)), "{error}");
    let error = store(&bucket, &request(), b"").await.unwrap_err();
    assert!(matches!(error, DumpError::Empty), "{error}");
    for operation in ["UploadPart", "CompleteMultipartUpload"] {
        bucket.fail(operation, Fault::Denied);
        let error = store(&bucket, &request(), &content).await.unwrap_err();
        assert!(matches!(error, DumpError::Store(_)), "{error}");
    }
    let given = Given {
        content: io::Cursor::new(content),
        ends: Ok(()),
    };
    let stopped = put(&port(&bucket), &request(), Box::new(given), async {}).await;
    // Either may be first; nothing is half there.
    let kept = if stopped.is_ok() { 2 } else { 0 };
    assert_eq!(bucket.objects().len(), kept);
    assert_eq!(bucket.open_uploads().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_a_killed_process_left_is_taken_back_by_the_next() {
    let content = snapshot(1_000);
    let bucket = MemoryDumps::default();
    let left = bucket.begin(KEY).await.unwrap();
    bucket
        .part(KEY, &left, 1, vec![1; 10].into())
        .await
        .unwrap();
    let other = bucket.begin("redis/today.rdb.other").await.unwrap();
    // One that ended between the object and its manifest.
    let half = bucket.begin(KEY).await.unwrap();
    let part = bucket
        .part(KEY, &half, 1, vec![2; 10].into())
        .await
        .unwrap();
    bucket
        .complete(KEY, &half, &[(1, part)], None)
        .await
        .unwrap();
    let (brought, bytes, _) = bring(&bucket).await;
    assert!(
        matches!(brought, Err(DumpError::Missing { .. })),
        "it is no dump"
    );
    assert_eq!(bytes.len(), 0);
    assert_eq!(list(&bucket, "").await.unwrap().dumps.len(), 0);
    let put = store(&bucket, &request(), &content).await.unwrap();
    assert_eq!(put.taken_back, 1);
    let uploads: Vec<String> = bucket.open_uploads().into_keys().collect();
    assert_eq!(uploads, [other], "of another key");
    assert!(bring(&bucket).await.1 == content);
    let listed = list(&bucket, "redis/").await.unwrap();
    assert_eq!(listed.dumps, [put.manifest]);
    assert_eq!(listed.unfinished.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_that_is_there_is_replaced() {
    let content = snapshot(10);
    let bucket = MemoryDumps::default();
    bucket.store(KEY, b"somebody's");
    let error = store(&bucket, &request(), &content).await.unwrap_err();
    assert!(matches!(error, DumpError::Occupied { .. }), "{error}");
    let bucket = MemoryDumps::default();
    store(&bucket, &request(), &content).await.unwrap();
    let before = bucket.objects();
    let error = store(&bucket, &request(), &content).await.unwrap_err();
    assert!(matches!(error, DumpError::Exists { .. }), "{error}");
    assert_eq!(bucket.objects(), before);
    for key in [
        "",
        "/a",
        "a/",
        "a\nb",
        "a.manifest.json",
        &"a".repeat(1_020),
    ] {
        let request = PutRequest {
            key: key.to_owned(),
            ..request()
        };
        let error = store(&bucket, &request, &content).await.unwrap_err();
        assert!(matches!(error, DumpError::Key { .. }), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_flipped_byte_anywhere_is_found_before_the_command_sees_the_end() {
    let small = snapshot(5);
    let large = snapshot(20_000);
    for packing in [Packing::Zstd, Packing::None, Packing::Gzip] {
        for format in [Format::Auto, Format::None] {
            for content in [&small, &large] {
                let bucket = MemoryDumps::default();
                let request = PutRequest {
                    packing: Some(packing),
                    format,
                    ..request()
                };
                let put = store(&bucket, &request, content).await.unwrap();
                let length = put.manifest.stored.bytes as usize;
                let places = (0..length).step_by(if length < 1_000 { 1 } else { length / 7 });
                for at in places.chain([length - 1]) {
                    bucket.alter(KEY, |body| body[at] ^= 0x10);
                    let (brought, bytes, closed) = bring(&bucket).await;
                    let error = brought.unwrap_err();
                    assert!(matches!(error, DumpError::Damaged { .. }), "{error}");
                    assert!(!closed, "byte {at} of {length}");
                    assert!(bytes.len() < content.len(), "the end is withheld");
                    bucket.alter(KEY, |body| body[at] ^= 0x10);
                }
                assert!(bring(&bucket).await.2);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_that_was_replaced_cut_or_removed_is_no_dump() {
    let content = snapshot(20_000);
    let bucket = MemoryDumps::default();
    store(&bucket, &request(), &content).await.unwrap();
    bucket.alter(KEY, |body| body.push(0));
    let (brought, _, closed) = bring(&bucket).await;
    assert!(brought.is_err() && !closed);
    bucket.alter(KEY, |body| body.truncate(1_000));
    let (brought, _, closed) = bring(&bucket).await;
    assert!(brought.is_err() && !closed);
    bucket.store(KEY, b"another");
    let (brought, _, closed) = bring(&bucket).await;
    assert!(matches!(brought, Err(DumpError::Damaged { .. })) && !closed);
    bucket.store(&Manifest::key_of(KEY), b"{}");
    let (brought, _, closed) = bring(&bucket).await;
    assert!(matches!(brought, Err(DumpError::Manifest { .. })) && !closed);
    assert_eq!(list(&bucket, "").await.unwrap().unclear.len(), 1);
}
