use aws_sdk_dynamodbstreams::types::Record;
use tidemark_records::ports::{PortError, RecordsPage, ShardIterator, StreamRecord};

use super::DynamoStream;
use crate::{
    convert,
    records::{caller::unexpected, wire::item_text},
};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::GetRecords;

/// `GetRecords`.
pub(super) async fn records(
    stream: &DynamoStream,
    iterator: &ShardIterator,
    limit: u32,
) -> Result<RecordsPage, PortError> {
    let limit = i32::try_from(limit.clamp(1, 1_000)).unwrap_or(1_000);
    let answer = stream
        .client
        .get_records()
        .shard_iterator(&iterator.token)
        .limit(limit)
        .send()
        .await
        .map_err(|error| stream.caller.error(OPERATION, &iterator.shard, error))?;
    let records = answer
        .records
        .unwrap_or_default()
        .into_iter()
        .map(|record| of_sdk(record).map_err(|what| unexpected(OPERATION, &iterator.shard, what)))
        .collect::<Result<_, _>>()?;
    Ok(RecordsPage {
        records,
        next: answer.next_shard_iterator.map(|token| ShardIterator {
            shard: iterator.shard.clone(),
            token,
        }),
    })
}

/// A record as the engine reads it; an error in words where it lacks what every record has.
fn of_sdk(record: Record) -> Result<StreamRecord, String> {
    let change = record.dynamodb.ok_or("a record holds no change")?;
    let sequence_number = change
        .sequence_number
        .ok_or("a record has no sequence number")?;
    let of = |what: &str| format!("the record {sequence_number}: {what}");
    let keys = item_text(&change.keys.unwrap_or_default()).map_err(|what| of(&what))?;
    let image = |image: Option<_>| {
        image
            .map(|image| item_text(&image).map_err(|what| of(&what)))
            .transpose()
    };
    let new_image = image(change.new_image)?;
    let old_image = image(change.old_image)?;
    let created = convert::moment(change.approximate_creation_date_time.as_ref())
        .ok_or_else(|| of("it has no time"))?;
    Ok(StreamRecord {
        event_id: record.event_id.unwrap_or_default(),
        event_name: record
            .event_name
            .map(|name| name.as_str().to_owned())
            .unwrap_or_default(),
        keys,
        new_image,
        old_image,
        sequence_number,
        created,
    })
}
