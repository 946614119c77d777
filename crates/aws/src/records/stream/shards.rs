use aws_sdk_dynamodbstreams::types::Shard as SdkShard;
use tidemark_records::ports::{PortError, Shard};

use super::DynamoStream;
use tidemark_services::calls::Call;

const OPERATION: Call = Call::DescribeStream;

/// `DescribeStream`, all pages.
pub(super) async fn shards(stream: &DynamoStream) -> Result<Vec<Shard>, PortError> {
    let mut shards = Vec::new();
    let mut start: Option<String> = None;
    loop {
        let answer = stream
            .client
            .describe_stream()
            .stream_arn(&stream.arn)
            .set_exclusive_start_shard_id(start.clone())
            .send()
            .await
            .map_err(|error| stream.caller.error(OPERATION, &stream.arn, error))?;
        let Some(description) = answer.stream_description else {
            return Ok(shards);
        };
        let page = description.shards.unwrap_or_default();
        shards.extend(page.into_iter().filter_map(of_sdk));
        match description.last_evaluated_shard_id {
            // An endpoint that gives the same place again would never end.
            Some(next) if Some(&next) != start.as_ref() => start = Some(next),
            _ => return Ok(shards),
        }
    }
}

fn of_sdk(shard: SdkShard) -> Option<Shard> {
    let range = shard.sequence_number_range;
    let (first, last) = range.map_or((None, None), |range| {
        (range.starting_sequence_number, range.ending_sequence_number)
    });
    Some(Shard {
        id: shard.shard_id?,
        parent: shard.parent_shard_id.filter(|parent| !parent.is_empty()),
        first,
        last,
    })
}
