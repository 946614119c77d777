//! Backups made by dynamodb-replicator.

use std::{io::Write as _, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tidemark_records::{
    capture::Applier,
    import::{ConvertOptions, Found, convert, detect, import_export, import_lines, read_manifests},
    index::{BackupPaths, IndexHandle, LayoutKind},
    key::{KeyAttribute, KeyHash, KeyOrder, KeySchema, KeyType, NameForm, RecordKey, object_name},
    ports::{Clock, ObjectStore, PutObject, SourceTable},
    restore::{
        ApplyOptions, LoadOptions, LoadRequest, RestoreFilter, RestorePlanRequest, apply_restore,
        load_table, plan_restore,
    },
    scan::ScanOptions,
    snapshot::{SnapshotOptions, write_snapshot},
    states::Backup,
    testing::{Faults, MemoryTable},
    wire::Item,
};

use crate::world::{World, captured, item, restored, simple};

/// Partition key after sort key by name, so that all forms of names differ.
fn schema() -> KeySchema {
    KeySchema::composite(
        KeyAttribute::new("tenant", KeyType::S),
        KeyAttribute::new("number", KeyType::N),
    )
}

fn row(number: u32, value: &str) -> Item {
    item(&format!(
        r#"{{"tenant":{{"S":"t"}},"number":{{"N":"{number}"}},"v":{{"S":"{value}"}}}}"#
    ))
}

struct Older {
    world: World,
    paths: BackupPaths,
}

impl Older {
    fn new(prefix: &str) -> Self {
        Self {
            world: World::new(schema(), LayoutKind::Segments),
            paths: BackupPaths::new(prefix, "orders"),
        }
    }

    fn name(&self, item: &Item, hash: KeyHash, order: KeyOrder) -> String {
        let key = RecordKey::of_item(&schema(), item).unwrap();
        let hash = object_name(&key, &schema(), NameForm { hash, order });
        self.paths.object(&hash)
    }

    async fn put(&self, item: &Item, hash: KeyHash, order: KeyOrder) {
        let name = self.name(item, hash, order);
        let put = PutObject::new(name, item.bytes().clone());
        self.world.store.put(&put).await.unwrap();
        self.world.clock.advance(Duration::from_secs(1));
    }

    async fn delete(&self, item: &Item, hash: KeyHash, order: KeyOrder) {
        let name = self.name(item, hash, order);
        self.world.store.delete(&name).await.unwrap();
        self.world.clock.advance(Duration::from_secs(1));
    }

    async fn other(&self, name: &str, body: impl Into<bytes::Bytes>) {
        self.world
            .store
            .put(&PutObject::new(name, body))
            .await
            .unwrap();
    }

    fn backup(&self) -> Backup {
        let index = IndexHandle::new(self.world.store(&Faults::none()), self.paths.clone());
        Backup::older(index, schema())
    }

    async fn now(&self) -> Vec<String> {
        self.at(self.world.clock.now()).await
    }

    async fn at(&self, time: Timestamp) -> Vec<String> {
        values(restored(&self.backup(), time).await.into_values())
    }
}

fn values(items: impl Iterator<Item = Item>) -> Vec<String> {
    let mut values: Vec<String> = items
        .map(|item| {
            let value = item.get("v").unwrap();
            value.trim_matches(|c| "{}\":S".contains(c)).to_owned()
        })
        .collect();
    values.sort();
    values
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

use KeyHash::{Md5, Sha256};
use KeyOrder::{Name, Reversed, Schema};

#[tokio::test]
async fn copies_under_names_of_both_orders_restore_to_the_newest_state_of_each() {
    let older = Older::new("backups");
    older.put(&row(1, "backfill 1"), Md5, Schema).await;
    older.put(&row(2, "backfill 2"), Md5, Schema).await;
    older.put(&row(3, "backfill 3"), Md5, Schema).await;
    older.put(&row(1, "stream 1"), Md5, Reversed).await;
    older.put(&row(2, "stream 2"), Md5, Reversed).await;
    let middle = older.world.clock.now() - SignedDuration::from_secs(1);
    older.put(&row(2, "backfill 2 again"), Md5, Schema).await;
    older.delete(&row(3, ""), Md5, Reversed).await;
    assert_eq!(older.now().await, ["backfill 2 again", "stream 1"]);
    assert_eq!(
        older.at(middle).await,
        ["backfill 3", "stream 1", "stream 2"]
    );
}

#[tokio::test]
async fn a_prefix_of_all_sorts_is_detected_and_restores_to_the_newest_state() {
    let older = Older::new("");
    older.put(&row(1, "md5"), Md5, Schema).await;
    older.put(&row(2, "md5"), Md5, Name).await;
    older.put(&row(3, "md5 stays"), Md5, Schema).await;
    older.put(&row(4, "md5 deleted by sha"), Md5, Schema).await;
    older.put(&row(1, "sha 1"), Sha256, Schema).await;
    older.put(&row(2, "sha 2"), Sha256, Name).await;
    older.put(&row(5, "gone"), Sha256, Schema).await;
    older.delete(&row(5, ""), Sha256, Schema).await;
    older.delete(&row(4, ""), Sha256, Name).await;
    older.put(&row(6, "re-created"), Sha256, Schema).await;
    older.delete(&row(6, ""), Sha256, Schema).await;
    older.put(&row(6, "again"), Sha256, Schema).await;
    older
        .other(
            "/orders/snapshot-2025",
            gzip("{\"tenant\":{\"S\":\"x\"}}\n"),
        )
        .await;
    older.other("/orders/README.txt", "not a record").await;
    older
        .other(
            "/dump-job/0",
            gzip(&format!("{}\n", row(9, "dump").as_str())),
        )
        .await;
    older.other("elsewhere.bin", "x").await;
    assert_eq!(older.now().await, ["again", "md5 stays", "sha 1", "sha 2"]);

    let store = older.world.store(&Faults::none());
    let detected = detect(&store, "", "orders").await.unwrap();
    let objects = detected.found.iter().find_map(|found| match found {
        Found::Objects { sha256, md5, key } => Some((*sha256, *md5, key.clone().unwrap())),
        _ => None,
    });
    let (sha256, md5, key) = objects.unwrap();
    assert_eq!((sha256, md5), (3, 4));
    assert!(key.roles_unknown);
    assert_eq!(key.schema.attributes().count(), 2);
    assert!(detected.found.contains(&Found::Snapshot {
        object: "/orders/snapshot-2025".to_owned()
    }));
    assert!(detected.found.contains(&Found::Dump {
        folder: "/dump-job/".to_owned(),
        segments: 1
    }));
    assert!(detected.foreign.contains(&"/orders/README.txt".to_owned()));
    assert!(detected.foreign.contains(&"elsewhere.bin".to_owned()));
}

#[tokio::test]
async fn an_older_backup_is_converted_with_all_its_versions_and_only_once() {
    let older = Older::new("old");
    for number in 0..150 {
        older
            .put(&row(number, &format!("first {number}")), Md5, Schema)
            .await;
    }
    let first = older.world.clock.now();
    for number in 0..50 {
        older
            .put(&row(number, &format!("second {number}")), Sha256, Name)
            .await;
    }
    older.delete(&row(60, ""), Md5, Schema).await;
    let world = &older.world;
    world.prepare().await.unwrap();
    let to = Applier::open(world.index(&Faults::none())).await.unwrap();
    let store = world.store(&Faults::none());
    let options = ConvertOptions {
        segment_events: 40,
        ..ConvertOptions::default()
    };
    for _ in 0..2 {
        let done = convert(&store, &older.paths, &to, &options, |_| ())
            .await
            .unwrap();
        assert_eq!((done.records, done.versions), (150, 201));
        assert!(done.troubles.is_empty());
    }
    let now = world.clock.now();
    assert_eq!(world.restored(now).await.len(), 149);
    for time in [first, now] {
        assert_eq!(
            values(world.restored(time).await.into_values()),
            older.at(time).await
        );
    }
    let key = RecordKey::of_item(&schema(), &row(3, "")).unwrap();
    let history = world.backup().await.unwrap().history(&key).await.unwrap();
    assert_eq!(history.versions.len(), 2);
}

#[tokio::test]
async fn dumps_and_snapshots_are_imported_and_a_cut_one_is_named() {
    let older = Older::new("old");
    let lines: Vec<String> = (0..500)
        .map(|number| row(number, "dump").as_str().to_owned())
        .collect();
    let lines = lines.join("\n");
    let whole = gzip(&lines);
    older.other("old/job/0", whole.clone()).await;
    older
        .other("old/job/1", whole[..whole.len() / 2].to_vec())
        .await;
    older
        .other("old/job/2", "{\"tenant\":{\"S\":\"t\"}}\n")
        .await;
    older.world.prepare().await.unwrap();
    let to = Applier::open(older.world.index(&Faults::none()))
        .await
        .unwrap();
    let names = ["old/job/0", "old/job/1", "old/job/2"].map(str::to_owned);
    let store = older.world.store(&Faults::none());
    let import = import_lines(&store, &names, None, &to).await.unwrap();
    assert!(import.records >= 500);
    assert_eq!(import.troubles.len(), 2, "{:?}", import.troubles);
    assert!(import.troubles[0].subject.starts_with("old/job/1 line "));
    assert_eq!(import.troubles[1].subject, "old/job/2");
    let restored = older.world.restored(older.world.clock.now()).await;
    assert_eq!(restored.len(), 500);
}

#[tokio::test]
async fn an_older_backup_is_restored_in_place_into_a_new_table_and_over_an_existing_one() {
    let older = Older::new("");
    for number in 0..120 {
        older.put(&row(number, "first"), Md5, Schema).await;
    }
    let then = older.world.clock.now();
    older.world.clock.advance(Duration::from_secs(2));
    for number in 0..30 {
        older.put(&row(number, "second"), Sha256, Name).await;
    }
    let backup = older.backup();
    let world = &older.world;
    let table = MemoryTable::missing("new", schema(), world.clock.clone(), world.store.clone());
    let dying: Arc<dyn SourceTable> = Arc::new(table.with_faults(Faults::none().crash_in(4, true)));
    let whole: Arc<dyn SourceTable> = Arc::new(table.clone());
    let request = LoadRequest {
        id: "in-place".to_owned(),
        like: world.table.describe().await.unwrap(),
        as_of: then,
        filter: RestoreFilter::default(),
    };
    let options = LoadOptions::default();
    let backoff = world.backoff();
    load_table(&backup, &dying, &request, &options, &backoff, |_| ())
        .await
        .unwrap_err();
    let state = load_table(&backup, &whole, &request, &options, &backoff, |_| ())
        .await
        .unwrap();
    assert!(state.done && state.troubles.is_empty());
    assert_eq!(values(table.items().into_values()), vec!["first"; 120]);

    let plan = plan_restore(
        &backup,
        &whole,
        &world.time(),
        &RestorePlanRequest {
            id: "newest".to_owned(),
            as_of: world.clock.now(),
            filter: RestoreFilter::default(),
            delete_others: true,
            scan: ScanOptions::default(),
        },
    )
    .await
    .unwrap();
    assert_eq!((plan.counts.overwrite, plan.counts.unchanged), (30, 90));
    assert!(plan.notes[0].contains("whole seconds"), "{:?}", plan.notes);
    apply_restore(
        backup.handle(),
        &whole,
        &plan,
        &ApplyOptions::default(),
        |_| (),
    )
    .await
    .unwrap();
    assert_eq!(values(table.items().into_values()), older.now().await);
}

#[tokio::test]
async fn an_export_is_imported_and_a_data_file_that_is_not_the_manifests_is_named() {
    let source = captured(simple(), LayoutKind::Segments, 700).await;
    let (at, index) = (source.clock.now(), source.index(&Faults::none()));
    let options = SnapshotOptions { file_bytes: 9_000 };
    let entry = write_snapshot(&index, at, &options, at).await.unwrap();
    assert!(entry.files > 3);
    let mut target = source.clone();
    target.prefix = "elsewhere".to_owned();
    target.prepare().await.unwrap();
    let to = Applier::open(target.index(&Faults::none())).await.unwrap();
    let store = source.store(&Faults::none());
    let import = import_export(&store, &entry.prefix, &to).await.unwrap();
    assert_eq!((import.records, import.objects), (700, entry.files));
    assert!(import.troubles.is_empty());
    assert_eq!(target.restored(at).await, source.table.items());
    assert!(
        target
            .restored(at - SignedDuration::from_secs(1))
            .await
            .is_empty()
    );

    let (_, files) = read_manifests(&store, &entry.prefix).await.unwrap();
    let [first, second, ..] = &files[..] else {
        panic!("there are several files");
    };
    source.store.vanish(&first.data_file_s3_key);
    let body = source.store.body(&second.data_file_s3_key).unwrap();
    source
        .store
        .tamper(&second.data_file_s3_key, body.slice(..body.len() - 30));
    let import = import_export(&store, &entry.prefix, &to).await.unwrap();
    let subjects: Vec<&str> = import.troubles.iter().map(|t| t.subject.as_str()).collect();
    assert_eq!(subjects[0], first.data_file_s3_key);
    assert_eq!(subjects[1], second.data_file_s3_key);
    assert!(subjects[2].starts_with(&second.data_file_s3_key));
    assert!(import.records > 500, "the rest goes on");
}
