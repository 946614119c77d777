//! A Lambda function and the embedded streamer leave the same bytes.

use std::collections::BTreeMap;

use tidemark_records::{
    capture::{Applier, Marks, records_of_lambda_event},
    index::LayoutKind,
    ports::{Clock, PortErrorKind, StreamRecord},
    states::KeyRange,
    testing::Faults,
};

use crate::world::{World, item, record, record_key, simple};

fn lambda_event(records: &[StreamRecord]) -> String {
    let records: Vec<String> = records
        .iter()
        .map(|record| {
            let image = record.new_image.as_ref().map_or_else(String::new, |image| {
                format!(r#","NewImage":{}"#, String::from_utf8_lossy(image))
            });
            format!(
                r#"{{"eventID":"{}","eventName":"{}","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"eu-west-1","dynamodb":{{"ApproximateCreationDateTime":{}.0,"Keys":{}{image},"SequenceNumber":"{}","SizeBytes":26,"StreamViewType":"NEW_IMAGE"}},"eventSourceARN":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2027"}}"#,
                record.event_id,
                record.event_name,
                record.created.as_second(),
                String::from_utf8_lossy(&record.keys),
                record.sequence_number,
            )
        })
        .collect();
    format!(r#"{{"Records":[{}]}}"#, records.join(","))
}

fn busy(world: &World) {
    for number in 0..400 {
        world.table.put(record(number, "inserted"));
    }
    for number in 0..300 {
        world.table.put(record(number, "modified \\\" é 😀"));
    }
    for number in 100..400 {
        world.table.delete(&record_key(number));
    }
}

fn own_objects(world: &World) -> BTreeMap<String, bytes::Bytes> {
    world
        .store
        .names()
        .into_iter()
        .filter(|name| !name.ends_with("index.json"))
        .map(|name| (name.clone(), world.store.body(&name).unwrap()))
        .collect()
}

async fn both_ways(layout: LayoutKind) {
    let by_lambda = World::new(simple(), layout);
    by_lambda.prepare().await.unwrap();
    busy(&by_lambda);
    let direct = World::new(simple(), layout);
    direct.prepare().await.unwrap();
    let records: Vec<StreamRecord> = {
        let mut all: Vec<_> = by_lambda
            .table
            .stream_records()
            .into_iter()
            .flatten()
            .collect();
        all.sort_by(|a, b| a.sequence_number.cmp(&b.sequence_number));
        all
    };
    assert_eq!(records.len(), 1_000);
    let mut poisoned = records.clone();
    poisoned[500].new_image = Some("{\"id\":{\"S\":\"record-00100\"},\"x\":{\"Q\":\"?\"}}".into());

    let event = lambda_event(&poisoned);
    let understood = records_of_lambda_event(event.as_bytes()).unwrap();
    let applier = Applier::open(by_lambda.index(&Faults::none()))
        .await
        .unwrap();
    let outcome = applier.apply(&understood, &Marks::default()).await.unwrap();
    assert!(outcome.failed.is_none());
    assert_eq!(outcome.quarantined.len(), 1);
    assert!(outcome.quarantined[0].subject.contains("record-00100"));
    let other = Applier::open(direct.index(&Faults::none())).await.unwrap();
    other.apply(&poisoned, &Marks::default()).await.unwrap();
    assert_eq!(own_objects(&by_lambda), own_objects(&direct));
    assert!(
        own_objects(&direct)
            .keys()
            .any(|name| name.contains("/quarantine/")),
        "the poison record's text is kept"
    );

    // A retry of a batch of which a part was done changes nothing.
    applier
        .apply(&understood[..700], &Marks::default())
        .await
        .unwrap();
    let backup = by_lambda.backup().await.unwrap();
    let now = by_lambda.clock.now();
    let page = backup
        .states(&[now], KeyRange::all())
        .await
        .unwrap()
        .all()
        .await
        .unwrap();
    let present = page
        .records
        .iter()
        .filter(|record| record.item(0).is_some());
    assert_eq!(present.count(), 100);
}

#[tokio::test]
async fn a_batch_of_a_thousand_with_a_poison_record_gives_equal_segments() {
    both_ways(LayoutKind::Segments).await;
}

#[tokio::test]
async fn a_batch_of_a_thousand_with_a_poison_record_gives_equal_objects() {
    both_ways(LayoutKind::Objects).await;
}

#[tokio::test]
async fn a_batch_that_fails_in_the_middle_names_the_earliest_record_that_must_come_again() {
    let world = World::new(simple(), LayoutKind::Objects);
    world.prepare().await.unwrap();
    for number in 0..10 {
        world.table.put(record(number, "new"));
    }
    let mut records: Vec<_> = world.table.stream_records().into_iter().flatten().collect();
    records.sort_by(|a, b| a.sequence_number.cmp(&b.sequence_number));
    let faults = Faults::none().refuse("s3:PutObject", 3, PortErrorKind::Denied);
    let applier = Applier::open(world.index(&faults)).await.unwrap();
    let outcome = applier.apply(&records, &Marks::default()).await.unwrap();
    let failed = outcome.failed.unwrap();
    assert_eq!(outcome.stored, 7);
    assert!(
        failed.error.to_string().contains("backups/orders/"),
        "{}",
        failed.error
    );
    let from = records
        .iter()
        .position(|record| record.sequence_number == failed.sequence)
        .unwrap();
    let again = applier
        .apply(&records[from..], &Marks::default())
        .await
        .unwrap();
    assert!(again.failed.is_none());
    assert_eq!(world.restored(world.clock.now()).await, world.table.items());
}

#[test]
fn events_of_others_are_refused_and_times_with_decimals_understood() {
    for wrong in [
        "",
        "[]",
        "{}",
        r#"{"Records":[{"eventID":"1"}]}"#,
        "{\"Records\":7}",
    ] {
        assert!(
            records_of_lambda_event(wrong.as_bytes()).is_err(),
            "{wrong}"
        );
    }
    let event = r#"{"Records":[{"eventID":"1","eventName":"REMOVE","dynamodb":{"ApproximateCreationDateTime":1479499740.25,"Keys":{"id":{"S":"a"}},"SequenceNumber":"111"}}]}"#;
    let records = records_of_lambda_event(event.as_bytes()).unwrap();
    assert_eq!(records[0].created.as_millisecond(), 1_479_499_740_250);
    assert_eq!(item(r#"{"id":{"S":"a"}}"#).bytes(), &records[0].keys);
}
