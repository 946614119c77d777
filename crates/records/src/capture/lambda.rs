use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use crate::ports::StreamRecord;

/// An event that Lambda did not get from a DynamoDB stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an event of a DynamoDB stream: {0}")]
pub struct LambdaEventError(pub String);

/// The records of the event that Lambda hands to a function on a DynamoDB stream.
///
/// Only what stands outside of items is interpreted. A record whose key or image makes no sense is
/// handed on as it is, for [`super::Applier::apply`] to put aside.
pub fn records_of_lambda_event(event: &[u8]) -> Result<Vec<StreamRecord>, LambdaEventError> {
    let event: Value =
        serde_json::from_slice(event).map_err(|error| LambdaEventError(error.to_string()))?;
    records_of_lambda_value(&event)
}

/// As [`records_of_lambda_event`], of an event that was parsed before.
pub fn records_of_lambda_value(event: &Value) -> Result<Vec<StreamRecord>, LambdaEventError> {
    let records = event["Records"]
        .as_array()
        .ok_or_else(|| LambdaEventError("it has no Records".to_owned()))?;
    records.iter().map(record).collect()
}

fn record(record: &Value) -> Result<StreamRecord, LambdaEventError> {
    let change = &record["dynamodb"];
    let sequence = change["SequenceNumber"].as_str().ok_or_else(|| {
        LambdaEventError(format!(
            "record {} has no SequenceNumber",
            record["eventID"]
        ))
    })?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let image = |value: &Value| (!value.is_null()).then(|| Bytes::from(value.to_string()));
    Ok(StreamRecord {
        event_id: text(&record["eventID"]),
        event_name: text(&record["eventName"]),
        keys: Bytes::from(change["Keys"].to_string()),
        new_image: image(&change["NewImage"]),
        old_image: image(&change["OldImage"]),
        sequence_number: sequence.to_owned(),
        created: created(&change["ApproximateCreationDateTime"]).ok_or_else(|| {
            LambdaEventError(format!(
                "record {sequence} has no ApproximateCreationDateTime"
            ))
        })?,
    })
}

/// Seconds since 1970, with or without decimals, as Lambda writes them.
fn created(value: &Value) -> Option<Timestamp> {
    let text = value.as_number()?.to_string();
    let (seconds, decimals) = text.split_once('.').unwrap_or((&text, "0"));
    let milliseconds: String = decimals.chars().chain("000".chars()).take(3).collect();
    let milliseconds: i64 = milliseconds.parse().ok()?;
    Timestamp::from_millisecond(seconds.parse::<i64>().ok()? * 1_000 + milliseconds).ok()
}
