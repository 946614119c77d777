//! What the handler leaves in the bucket and answers.

use serde_json::{Value, json};
use tidemark_records::{index::LayoutKind, ports::PortErrorKind, testing::Faults};
use tidemark_records_lambda::{FunctionError, Response};

use crate::{
    events::{self, all_types, changes, event, poisoned, record, thousand},
    world::World,
};

const BOTH: [LayoutKind; 2] = [LayoutKind::Segments, LayoutKind::Objects];

const ALL_STORED: Result<Response, FunctionError> = Ok(Response {
    batch_item_failures: Vec::new(),
    state: None,
});

/// Hands an event to the function and to the embedded streamer and compares what both leave.
async fn leaves_what_the_streamer_leaves(layout: LayoutKind, event: &Value) -> World {
    let (by_lambda, embedded) = (World::new(layout).await, World::new(layout).await);
    assert_eq!(by_lambda.function().handle(event).await, ALL_STORED);
    embedded.stream(event).await;
    let left = by_lambda.versions().await;
    assert!(!left.is_empty());
    assert_eq!(left, embedded.versions().await, "{layout:?}");
    let (of_lambda, of_streamer) = (by_lambda.document().await, embedded.document().await);
    assert_eq!(of_lambda.segments, of_streamer.segments);
    assert_eq!(of_lambda.quarantine, of_streamer.quarantine);
    assert_eq!(by_lambda.present().await, embedded.present().await);
    by_lambda
}

#[tokio::test]
async fn inserts_changes_and_removals_leave_the_bytes_that_the_streamer_leaves() {
    for layout in BOTH {
        let world = leaves_what_the_streamer_leaves(layout, &changes()).await;
        let present = world.present().await;
        assert_eq!(
            present.values().collect::<Vec<_>>(),
            [r#"{"Id":{"N":"102"},"Message":{"S":"It stays."}}"#]
        );
    }
}

#[tokio::test]
async fn every_type_of_attribute_leaves_the_bytes_that_the_streamer_leaves() {
    for layout in BOTH {
        let world = leaves_what_the_streamer_leaves(layout, &all_types()).await;
        let present = world.present().await;
        let item = present.values().next().unwrap();
        let kept: Value = serde_json::from_str(item).unwrap();
        assert_eq!(kept, all_types()["Records"][0]["dynamodb"]["NewImage"]);
        for digits in [
            "99999999999999999999999999999999999999",
            "-0.0000000000000000000000000000000000001",
            "9007199254740993",
        ] {
            assert!(item.contains(&format!("\"{digits}\"")), "{digits}: {item}");
        }
    }
}

#[tokio::test]
async fn a_thousand_with_a_poison_record_leave_the_bytes_that_the_streamer_leaves() {
    for layout in BOTH {
        let mut records = thousand();
        records[500] = poisoned(records[500].take());
        let sequence = records[500]["dynamodb"]["SequenceNumber"].as_str().unwrap();
        let batch = event(&records);
        let world = leaves_what_the_streamer_leaves(layout, &batch).await;
        assert_eq!(world.present().await.len(), 100);
        let document = world.document().await;
        let [aside] = &document.quarantine[..] else {
            unreachable!("{:?}", document.quarantine);
        };
        assert_eq!(aside.sequence, sequence);
        let text = world.store.body(&aside.object).unwrap();
        let text: Value = serde_json::from_slice(&text).unwrap();
        assert!(text["newImageText"].as_str().unwrap().contains("poison"));

        // Lambda sends batches again, whole or in part, also to a function that has just started.
        let left = world.versions().await;
        for again in [&batch, &event(&records[400..600])] {
            assert_eq!(world.function().handle(again).await, ALL_STORED);
            assert_eq!(world.present().await.len(), 100);
            if layout == LayoutKind::Objects || again == &batch {
                assert_eq!(world.versions().await, left);
            }
        }
        assert_eq!(world.document().await.quarantine.len(), 1);
    }
}

fn number_of(records: &[Value], sequence: &str) -> usize {
    let place = records
        .iter()
        .position(|record| record["dynamodb"]["SequenceNumber"] == sequence);
    place.unwrap()
}

#[tokio::test]
async fn after_a_failure_in_the_middle_the_rest_comes_again_and_nothing_is_lost() {
    let world = World::new(LayoutKind::Objects).await;
    let embedded = World::new(LayoutKind::Objects).await;
    let mut records: Vec<Value> = (0..10).map(record).collect();
    records[1] = poisoned(records[1].take());
    embedded.stream(&event(&records)).await;
    // The first write puts the poison record aside; of the others, some fail and are not passing.
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let faults = Faults::none();
    let failing = {
        let (faults, seen) = (faults.clone(), seen.clone());
        move |operation: &str| {
            if operation == "s3:PutObject"
                && seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 4
            {
                let _ = faults
                    .clone()
                    .refuse("s3:PutObject", 2, PortErrorKind::Denied);
            }
        }
    };
    let function = world.function_with(faults.meanwhile(failing));
    let response = function.handle(&event(&records)).await.unwrap();
    let answer = serde_json::to_value(&response).unwrap();
    let again = answer["batchItemFailures"][0]["itemIdentifier"].as_str();
    let from = number_of(&records, again.unwrap());
    assert!(from > 1, "what was stored is told: {answer}");
    assert!(world.present().await.len() < 9);
    let rest = event(&records[from..]);
    assert_eq!(function.handle(&rest).await, ALL_STORED);
    assert_eq!(world.versions().await, embedded.versions().await);
    assert_eq!(
        world.document().await.quarantine,
        embedded.document().await.quarantine,
        "the poison record is listed although it did not come again"
    );
}

#[tokio::test]
async fn what_may_pass_is_answered_with_the_first_record_that_is_missing() {
    for layout in BOTH {
        for operation in ["s3:PutObject", "s3:GetObject"] {
            let world = World::new(layout).await;
            // Longer than the function's own patience.
            let faults = Faults::none().refuse(operation, 500, PortErrorKind::Unavailable);
            let batch = event(&(0..10).map(record).collect::<Vec<_>>());
            let response = world.function_with(faults).handle(&batch).await.unwrap();
            let first = &batch["Records"][0]["dynamodb"]["SequenceNumber"];
            assert_eq!(
                serde_json::to_value(&response).unwrap(),
                json!({"batchItemFailures": [{"itemIdentifier": first}]}),
                "{layout:?} {operation}"
            );
            assert_eq!(world.function().handle(&batch).await, ALL_STORED);
            assert_eq!(world.present().await.len(), 10);
        }
    }
}

#[tokio::test]
async fn single_failures_are_waited_out_within_the_invocation() {
    for layout in BOTH {
        let (world, embedded) = (World::new(layout).await, World::new(layout).await);
        let faults = Faults::none().throttle(30, tidemark_records::testing::Random::new(7));
        let batch = event(&thousand());
        assert_eq!(world.function_with(faults).handle(&batch).await, ALL_STORED);
        embedded.stream(&batch).await;
        assert_eq!(world.present().await, embedded.present().await);
    }
}

#[tokio::test]
async fn what_does_not_pass_fails_the_invocation() {
    for layout in BOTH {
        let world = World::new(layout).await;
        let faults = Faults::none().refuse("s3:PutObject", 500, PortErrorKind::Denied);
        let failed = world.function_with(faults).handle(&changes()).await;
        let said = failed.map_err(|error| error.to_string());
        assert!(
            said.as_ref()
                .is_err_and(|said| said.contains("s3:PutObject")),
            "{said:?}"
        );
    }
}

#[tokio::test]
async fn events_that_cannot_be_stored_fail_and_name_the_reason() {
    let world = World::new(LayoutKind::Segments).await;
    let function = world.function();
    assert_eq!(function.handle(&event(&[])).await, ALL_STORED);
    let other = function.handle(&json!({"detail": {}})).await;
    assert!(matches!(other, Err(FunctionError::Event(_))), "{other:?}");
    let mut nameless = changes();
    nameless["Records"][1]["eventSourceARN"] = json!("arn:other");
    let mixed = function.handle(&nameless).await;
    assert!(matches!(mixed, Err(FunctionError::Event(_))), "{mixed:?}");
    let mut stranger = record(1);
    stranger["eventSourceARN"] = json!(events::STREAM.replace("08:00", "09:00"));
    let said = function.handle(&event(&[stranger])).await;
    let said = said.map_err(|error| error.to_string()).unwrap_err();
    assert!(said.contains("T09:00:00") && said.contains("captures") && said.contains("index.json"));
    assert_eq!(world.present().await.len(), 0, "nothing of it is stored");

    world.store.vanish(&world.paths().index());
    let unprepared = world.function().handle(&changes()).await;
    let said = unprepared.map_err(|error| error.to_string()).unwrap_err();
    assert!(
        said.contains("backups/_tidemark/memory/index.json"),
        "{said}"
    );
}

#[tokio::test]
async fn a_table_that_got_another_stream_is_stored_once_the_backup_knows_of_it() {
    let world = World::new(LayoutKind::Segments).await;
    let function = world.function();
    assert_eq!(function.handle(&changes()).await, ALL_STORED);
    let renewed = events::STREAM.replace("08:00", "09:00");
    let mut record = record(1);
    record["eventSourceARN"] = json!(renewed);
    let later = event(&[record]);
    assert!(function.handle(&later).await.is_err());
    world
        .index()
        .update(|document| {
            if let Some(capture) = &mut document.capture {
                capture.stream.clone_from(&renewed);
            }
            Ok(tidemark_records::index::Updated::Write(()))
        })
        .await
        .unwrap();
    assert_eq!(function.handle(&later).await, ALL_STORED);
    assert_eq!(world.present().await.len(), 2);
}
