//! Exports of DynamoDB imported into a backup that goes on: their manifests say at which moment they count.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use md5::{Digest as _, Md5};
use serde_json::json;
use tidemark_records::{
    capture::Applier,
    event::Change,
    import::{
        ConvertOptions, ExportTime, LinesImport, convert, export_time, import_export,
        read_manifests,
    },
    index::{BackupPaths, LayoutKind},
    ports::{Clock as _, ObjectStore as _, PutObject},
    proof::{ProofOptions, prove},
    testing::Faults,
    wire::Item,
};

use crate::world::{World, record, record_key, simple};

const FOLDER: &str = "exports/AWSDynamoDB/01700000000000-a1b2c3d4/";

/// Writes an export as DynamoDB's guide describes its output.
async fn export(world: &World, moment: serde_json::Value, lines: &[String]) {
    let body = lines.join("\n") + "\n";
    let data = "exports/AWSDynamoDB/data/abcdefghijklmnopqrstuvwxyz.json";
    let list = format!("{FOLDER}manifest-files.json");
    let file = json!({
        "itemCount": lines.len(), "md5Checksum": STANDARD.encode(Md5::digest(&body)),
        "etag": "0000", "dataFileS3Key": data,
    });
    let mut summary = json!({
        "version": "2020-06-30",
        "exportArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/export/01700000000000-a1b2c3d4",
        "startTime": "2026-11-30T17:48:00Z", "endTime": "2026-11-30T17:50:00Z",
        "tableArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        "tableId": "12345a12-abcd-123a-ab12-1234abc12345",
        "s3Bucket": "exports", "s3Prefix": "exports", "s3SseAlgorithm": "AES256", "s3SseKmsKeyId": null,
        "manifestFilesS3Key": list, "billedSizeBytes": 1024, "itemCount": lines.len(),
        "outputFormat": "DYNAMODB_JSON",
    });
    summary
        .as_object_mut()
        .unwrap()
        .extend(moment.as_object().unwrap().clone());
    for (name, body) in [
        (data.to_owned(), body),
        (list, format!("{file}\n")),
        (
            format!("{FOLDER}manifest-summary.json"),
            summary.to_string(),
        ),
    ] {
        world.store.put(&PutObject::new(name, body)).await.unwrap();
    }
}

fn line(item: &Item) -> String {
    format!(r#"{{"Item":{}}}"#, item.as_str())
}

async fn imported(world: &World) -> LinesImport {
    let to = Applier::open(world.index(&Faults::none())).await.unwrap();
    import_export(&world.store(&Faults::none()), FOLDER, &to)
        .await
        .unwrap()
}

async fn is_proved(world: &World) {
    let proof = prove(
        &world.index(&Faults::none()),
        &world.source(),
        &world.time(),
        &ProofOptions::default(),
    )
    .await
    .unwrap();
    assert!(proof.complete && proof.differences.is_empty(), "{proof:?}");
}

async fn values(world: &World, at: Timestamp) -> Vec<String> {
    let records = world.restored(at).await;
    let of = |item: &Item| item.get("v").unwrap().to_string();
    records.values().map(of).collect()
}

#[tokio::test]
async fn an_export_changes_nothing_that_was_captured_since() {
    let world = World::new(simple(), LayoutKind::Segments);
    // At the export's second: five records.
    let exported: Vec<Item> = (0..5).map(|number| record(number, "exported")).collect();
    for item in &exported {
        world.table.put(item.clone());
    }
    let at = world.clock.now();
    world.clock.advance(Duration::from_mins(1));
    // Before anything is captured one changes and one is deleted; nobody told.
    world.table.put(record(1, "before the capture"));
    world.table.delete(&record_key(4));
    world.clock.advance(Duration::from_mins(1));
    world.prepare().await.unwrap();
    world.clock.advance(Duration::from_secs(1));
    world.backfill("first", &Faults::none()).await.unwrap();
    world.drain().await.unwrap();
    let captured = world.clock.now();
    world.clock.advance(Duration::from_secs(1));
    // And then captured: one changed, one deleted, one made anew, one that the export does not have.
    world.table.put(record(2, "captured"));
    world.table.delete(&record_key(3));
    world.clock.advance(Duration::from_secs(10));
    world.table.put(record(9, "new"));
    world.drain().await.unwrap();
    let newest = world.restored(world.clock.now()).await;
    is_proved(&world).await;

    let lines: Vec<String> = exported.iter().map(line).collect();
    export(&world, json!({"exportTime": at}), &lines).await;
    world.clock.advance(Duration::from_mins(10));
    let import = imported(&world).await;
    assert!(import.troubles.is_empty(), "{:?}", import.troubles);
    assert_eq!((import.records, import.deleted), (5, 1));

    assert_eq!(
        world.restored(world.clock.now()).await,
        newest,
        "the newest state"
    );
    let then = world.restored(at).await;
    let wanted: Vec<&Item> = exported.iter().collect();
    assert_eq!(
        then.values().collect::<Vec<_>>(),
        wanted,
        "the export's second"
    );
    assert!(
        world
            .restored(at - SignedDuration::from_secs(1))
            .await
            .is_empty()
    );
    assert_eq!(
        world.restored(captured).await.len(),
        4,
        "what the first scan found"
    );
    is_proved(&world).await;
    // Once more is the same.
    let import = imported(&world).await;
    assert_eq!(import.deleted, 0);
    assert_eq!(world.restored(world.clock.now()).await, newest);
}

/// What the scan found may lie in what cannot be read.
#[tokio::test]
async fn nothing_is_taken_for_deleted_while_a_part_of_the_backup_cannot_be_read() {
    let world = World::new(simple(), LayoutKind::Segments);
    let exported: Vec<Item> = (0..5).map(|number| record(number, "exported")).collect();
    for item in &exported {
        world.table.put(item.clone());
    }
    let at = world.clock.now();
    world.clock.advance(Duration::from_mins(2));
    world.prepare().await.unwrap();
    world.clock.advance(Duration::from_secs(1));
    world.backfill("first", &Faults::none()).await.unwrap();
    world.drain().await.unwrap();
    let index = world.index(&Faults::none()).load().await.unwrap();
    for segment in &index.segments {
        world.store.vanish(&segment.name);
    }
    let lines: Vec<String> = exported.iter().map(line).collect();
    export(&world, json!({"exportTime": at}), &lines).await;
    let import = imported(&world).await;
    assert_eq!((import.records, import.deleted), (5, 0));
    assert!(
        import
            .troubles
            .iter()
            .any(|one| one.what.contains("found by no scan")),
        "{:?}",
        import.troubles
    );
}

#[tokio::test]
async fn an_incremental_export_counts_from_when_each_record_was_written() {
    let world = World::new(simple(), LayoutKind::Segments);
    world.prepare().await.unwrap();
    let begin = world.clock.now();
    let at = |seconds: i64| begin - SignedDuration::from_secs(1_000 - seconds);
    let change = |number: u32, seconds: i64, new: Option<&str>, old: Option<&str>| {
        let key = json!({"id": {"S": format!("record-{number:05}")}});
        let image = |value: &str| -> serde_json::Value {
            serde_json::from_str(record(number, value).as_str()).unwrap()
        };
        let micros = at(seconds).as_microsecond().to_string();
        let mut line = json!({"Metadata": {"WriteTimestampMicros": {"N": micros}}, "Keys": key});
        if let Some(new) = new {
            line["NewImage"] = image(new);
        }
        if let Some(old) = old {
            line["OldImage"] = image(old);
        }
        line.to_string()
    };
    let lines = [
        change(1, 100, Some("inserted"), None),
        change(2, 200, Some("changed"), Some("as it was")),
        change(1, 300, None, Some("inserted")),
        // Of the view that has new images only.
        change(3, 400, Some("new image"), None),
        "{\"Item\":{}}".to_owned(),
    ];
    let moment = json!({
        "exportType": "INCREMENTAL_EXPORT", "outputView": "NEW_AND_OLD_IMAGES",
        "exportFromTime": at(0), "exportToTime": at(500),
    });
    export(&world, moment, &lines).await;
    let import = imported(&world).await;
    assert_eq!(import.records, 4);
    assert_eq!(import.troubles.len(), 1, "{:?}", import.troubles);
    assert!(
        import.troubles[0]
            .what
            .contains("no change of an incremental export"),
        "{:?}",
        import.troubles
    );
    assert_eq!(values(&world, at(150)).await, [r#"{"S":"inserted"}"#]);
    assert_eq!(
        values(&world, at(350)).await,
        [r#"{"S":"changed"}"#],
        "a deletion counts"
    );
    assert_eq!(values(&world, at(450)).await.len(), 2);
    let backup = world.backup().await.unwrap();
    let history = backup.history(&record_key(1)).await.unwrap();
    assert_eq!(history.versions.len(), 2);
    assert_eq!(history.versions[1].change, Change::Delete);
}

#[tokio::test]
async fn an_export_that_is_not_what_its_manifest_says_is_named() {
    let world = World::new(simple(), LayoutKind::Segments);
    world.prepare().await.unwrap();
    let lines = [line(&record(1, "a")), line(&record(2, "b"))];
    export(&world, json!({"exportTime": world.clock.now()}), &lines).await;
    let store = world.store(&Faults::none());
    let (mut summary, files) = read_manifests(&store, FOLDER).await.unwrap();
    let short = format!("{}\n", lines[0]);
    world
        .store
        .put(&PutObject::new(files[0].data_file_s3_key.clone(), short))
        .await
        .unwrap();
    let import = imported(&world).await;
    let said: Vec<String> = import.troubles.iter().map(|t| t.what.clone()).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("MD5 differs"), "{said:?}");
    assert!(
        said[1].contains("1 lines, and 2 by the manifest"),
        "{said:?}"
    );

    assert!(matches!(
        export_time(&summary, FOLDER),
        Ok(ExportTime::Full(_))
    ));
    summary.export_type = Some("INCREMENTAL_EXPORT".to_owned());
    let error = export_time(&summary, FOLDER).unwrap_err().to_string();
    assert!(error.contains("exportFromTime is missing"), "{error}");
    summary.output_format = "ION".to_owned();
    let error = export_time(&summary, FOLDER).unwrap_err().to_string();
    assert!(error.contains("is in ION"), "{error}");
}

/// A fork of the older tool names objects by the key itself.
#[tokio::test]
async fn records_under_names_that_are_not_understood_are_told() {
    let world = World::new(simple(), LayoutKind::Segments);
    world.prepare().await.unwrap();
    let from = BackupPaths::new("replicator", "orders");
    let name = |number: u32| from.object(&format!("record-{number} | x"));
    for number in [1, 2] {
        let put = PutObject::new(name(number), record(number, "fork").bytes().clone());
        world.store.put(&put).await.unwrap();
    }
    let other = PutObject::new(from.object("notes.txt"), "no record");
    world.store.put(&other).await.unwrap();
    let to = Applier::open(world.index(&Faults::none())).await.unwrap();
    let store = world.store(&Faults::none());
    let done = convert(&store, &from, &to, &ConvertOptions::default(), |_| ())
        .await
        .unwrap();
    assert_eq!((done.records, done.foreign), (0, 3));
    let [trouble] = done.troubles.as_slice() else {
        panic!("{:?}", done.troubles);
    };
    assert_eq!(trouble.subject, name(1));
    assert!(
        trouble
            .what
            .contains("2 objects hold records under names that are not understood"),
        "{trouble:?}"
    );
}
