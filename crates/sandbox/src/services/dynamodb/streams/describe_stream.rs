use awsim_core::AwsError;
use serde_json::{Value, json};

use super::{Dynamo, sequence};
use crate::services::dynamodb::{errors, seconds};

impl Dynamo {
    /// `DescribeStream`.
    pub(in crate::services::dynamodb) fn describe_stream(
        &self,
        input: &Value,
    ) -> Result<Value, AwsError> {
        let arn = input["StreamArn"]
            .as_str()
            .ok_or_else(|| errors::validation("StreamArn is required"))?;
        let stream = self.stream(arn)?;
        let mut range = json!({"StartingSequenceNumber": sequence(stream.from)});
        if let Some(to) = stream.to {
            range["EndingSequenceNumber"] = json!(sequence(to - 1));
        }
        let shard = stream.shard_id();
        let shards = match input["ExclusiveStartShardId"].as_str() {
            Some(start) if start >= shard.as_str() => json!([]),
            _ => json!([{"ShardId": shard, "SequenceNumberRange": range}]),
        };
        Ok(json!({
            "StreamDescription": {
                "StreamArn": stream.arn,
                "StreamLabel": stream.label,
                "StreamStatus": if stream.to.is_some() { "DISABLED" } else { "ENABLED" },
                "StreamViewType": stream.view,
                "CreationRequestDateTime": seconds(stream.created),
                "TableName": stream.table.name,
                "KeySchema": stream.key_schema,
                "Shards": shards,
            }
        }))
    }
}
