//! Events in the form in which Lambda sends them.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_records::ports::StreamRecord;

/// The stream of the table in memory.
pub(crate) const STREAM: &str =
    "arn:aws:dynamodb:eu-west-1:111122223333:table/memory/stream/2027-01-15T08:00:00.000";

/// An insert, a change, and a removal by DynamoDB's own expiry.
pub(crate) fn changes() -> Value {
    serde_json::from_str(include_str!("../events/changes.json")).unwrap()
}

/// One item with every type of attribute.
pub(crate) fn all_types() -> Value {
    serde_json::from_str(include_str!("../events/all_types.json")).unwrap()
}

pub(crate) fn event(records: &[Value]) -> Value {
    json!({ "Records": records })
}

/// The record at a place of a busy hour: 300 items come, are changed, and two thirds of them go.
pub(crate) fn record(number: u32) -> Value {
    let name = match number {
        0..300 => "INSERT",
        300..800 => "MODIFY",
        _ => "REMOVE",
    };
    let id = json!({"N": (number % 300).to_string()});
    let mut change = json!({
        "ApproximateCreationDateTime": 1_800_000_000.0 + f64::from(number / 100),
        "Keys": {"Id": id},
        "SequenceNumber": (100_000_000_000_000_000_000_u128 + u128::from(number)).to_string(),
        "SizeBytes": 60,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    });
    if name != "REMOVE" {
        change["NewImage"] = json!({
            "Id": id,
            "n": {"N": format!("9007199254740993{number}")},
            "v": {"S": format!("{name} \"é\\ 😀")},
        });
    }
    if name != "INSERT" {
        change["OldImage"] = json!({"Id": id, "v": {"S": "before"}});
    }
    json!({
        "eventID": format!("{number:032x}"),
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": change,
        "eventSourceARN": STREAM,
    })
}

/// A batch of a thousand.
pub(crate) fn thousand() -> Vec<Value> {
    (0..1_000).map(record).collect()
}

/// A record whose image is of a type that there is not.
pub(crate) fn poisoned(mut record: Value) -> Value {
    record["dynamodb"]["NewImage"]["v"] = json!({"Q": "poison"});
    record
}

/// The same changes as the stream itself would tell them, read by other code than the function's.
pub(crate) fn of_stream(event: &Value) -> Vec<StreamRecord> {
    let records = event["Records"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let image = |value: Option<&Value>| value.map(|value| Bytes::from(value.to_string()));
    records
        .map(|record| StreamRecord {
            event_id: text(&record["eventID"]),
            event_name: text(&record["eventName"]),
            keys: record["dynamodb"]["Keys"].to_string().into(),
            new_image: image(record["dynamodb"].get("NewImage")),
            old_image: image(record["dynamodb"].get("OldImage")),
            sequence_number: text(&record["dynamodb"]["SequenceNumber"]),
            created: {
                let at = record["dynamodb"]["ApproximateCreationDateTime"].as_f64();
                #[expect(clippy::cast_possible_truncation, reason = "whole seconds")]
                Timestamp::from_second(at.unwrap() as i64).unwrap()
            },
        })
        .collect()
}
