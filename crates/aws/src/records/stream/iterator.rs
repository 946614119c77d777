use aws_sdk_dynamodbstreams::types::ShardIteratorType;
use tidemark_records::ports::{PortError, ShardIterator, StreamPosition};

use super::DynamoStream;
use crate::records::caller::unexpected;
use tidemark_services::calls::Call;

const OPERATION: Call = Call::GetShardIterator;

/// `GetShardIterator`.
pub(super) async fn iterator(
    stream: &DynamoStream,
    shard: &str,
    position: &StreamPosition,
) -> Result<ShardIterator, PortError> {
    let (kind, sequence) = match position {
        StreamPosition::TrimHorizon => (ShardIteratorType::TrimHorizon, None),
        StreamPosition::After(sequence) => (
            ShardIteratorType::AfterSequenceNumber,
            Some(sequence.clone()),
        ),
        StreamPosition::Latest => (ShardIteratorType::Latest, None),
    };
    let answer = stream
        .client
        .get_shard_iterator()
        .stream_arn(&stream.arn)
        .shard_id(shard)
        .shard_iterator_type(kind)
        .set_sequence_number(sequence)
        .send()
        .await
        .map_err(|error| stream.caller.error(OPERATION, shard, error))?;
    Ok(ShardIterator {
        shard: shard.to_owned(),
        token: answer
            .shard_iterator
            .ok_or_else(|| unexpected(OPERATION, shard, "the answer has no iterator"))?,
    })
}
