//! A table's stream, one operation per file.

mod iterator;
mod records;
mod shards;

use async_trait::async_trait;
use aws_sdk_dynamodbstreams::Client;
use tidemark_records::ports::{
    ChangeStream, PortError, RecordsPage, Shard, ShardIterator, StreamPosition,
};

use super::caller::Caller;

/// One stream of DynamoDB.
#[derive(Clone, Debug)]
pub struct DynamoStream {
    client: Client,
    caller: Caller,
    arn: String,
}

impl DynamoStream {
    pub(super) fn new(client: Client, caller: Caller, arn: String) -> Self {
        Self {
            client,
            caller,
            arn,
        }
    }
}

#[async_trait]
impl ChangeStream for DynamoStream {
    fn arn(&self) -> &str {
        &self.arn
    }

    async fn shards(&self) -> Result<Vec<Shard>, PortError> {
        shards::shards(self).await
    }

    async fn iterator(
        &self,
        shard: &str,
        position: &StreamPosition,
    ) -> Result<ShardIterator, PortError> {
        iterator::iterator(self, shard, position).await
    }

    async fn records(
        &self,
        iterator: &ShardIterator,
        limit: u32,
    ) -> Result<RecordsPage, PortError> {
        records::records(self, iterator, limit).await
    }
}
