use awsim_core::AwsError;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{
    Dynamo, Stream,
    get_shard_iterator::{after_empty_page, iterator, read_iterator},
    sequence,
};
use crate::services::dynamodb::{errors, journal::Change, size::item_size};

/// Pages that begin with a change of which the number is a multiple of this come after an empty one.
const EMPTY_BEFORE: i64 = 3;

/// How long a stream keeps a record.
const RETENTION: SignedDuration = SignedDuration::from_hours(24);

impl Dynamo {
    /// `GetRecords`.
    pub(in crate::services::dynamodb) async fn get_records(
        &self,
        input: &Value,
    ) -> Result<Value, AwsError> {
        let (arn, next, was_empty) = input["ShardIterator"]
            .as_str()
            .and_then(read_iterator)
            .ok_or_else(|| errors::validation("Invalid ShardIterator"))?;
        let limit = match input.get("Limit").and_then(Value::as_u64) {
            None => 1000,
            Some(limit @ 1..=1000) => usize::try_from(limit).unwrap_or(1000),
            Some(limit) => {
                return Err(errors::validation(format!(
                    "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must be between 1 and 1000"
                )));
            }
        };
        let stream = self.stream(arn)?;
        let (table, end) = (stream.table.clone(), stream.end());
        let (changes, last) = self
            .blocking(move |journal| {
                let last = journal.last()?;
                Ok((journal.changes(&table, next, end, limit)?, last))
            })
            .await?;
        // As DynamoDB answers now and then: nothing, although more follows.
        if !was_empty && !changes.is_empty() && next % EMPTY_BEFORE == 0 {
            return Ok(json!({
                "Records": [],
                "NextShardIterator": after_empty_page(arn, next),
            }));
        }
        let next = match changes.last() {
            Some(change) => change.seq + 1,
            None => next.max(last.min(end - 1) + 1),
        };
        let kept = self.clock.now() - RETENTION;
        let records: Vec<Value> = changes
            .into_iter()
            .filter(|change| change.at_ms >= kept.as_millisecond())
            .filter_map(|change| record(&stream, change))
            .collect();
        let mut answer = json!({ "Records": records });
        if next < end {
            answer["NextShardIterator"] = json!(iterator(arn, next));
        }
        Ok(answer)
    }
}

/// The record of a change; a write that changed nothing has none.
fn record(stream: &Stream, change: Change) -> Option<Value> {
    if change.old == change.new && !change.removed {
        return None;
    }
    let name = match (&change.old, change.removed) {
        (_, true) => "REMOVE",
        (None, false) => "INSERT",
        (Some(_), false) => "MODIFY",
    };
    let image = change.new.as_ref().or(change.old.as_ref())?;
    let keys: Map<String, Value> = stream
        .key_schema
        .as_array()?
        .iter()
        .filter_map(|element| {
            let name = element["AttributeName"].as_str()?;
            Some((name.to_owned(), image.get(name)?.clone()))
        })
        .collect();
    let (with_old, with_new) = match stream.view.as_str() {
        "KEYS_ONLY" => (false, false),
        "OLD_IMAGE" => (true, false),
        "NEW_IMAGE" => (false, true),
        _ => (true, true),
    };
    let mut size = item_size(&keys);
    let mut data = json!({
        "ApproximateCreationDateTime": Timestamp::from_millisecond(change.at_ms).ok()?.as_second(),
        "Keys": keys,
        "SequenceNumber": sequence(change.seq),
        "StreamViewType": stream.view,
    });
    for (wanted, member, image) in [
        (with_old, "OldImage", change.old),
        (with_new, "NewImage", change.new),
    ] {
        if let Some(image) = image.filter(|_| wanted) {
            size += image.as_object().map_or(0, item_size);
            data[member] = image;
        }
    }
    data["SizeBytes"] = json!(size);
    Some(json!({
        "eventID": format!("{:032x}", change.seq),
        "eventName": name,
        "eventSource": "aws:dynamodb",
        "eventVersion": "1.1",
        "awsRegion": stream.table.region,
        "dynamodb": data,
    }))
}
