use awsim_core::AwsError;
use serde_json::{Value, json};

use super::Dynamo;
use crate::services::dynamodb::errors;

impl Dynamo {
    /// `GetShardIterator`.
    pub(in crate::services::dynamodb) fn get_shard_iterator(
        &self,
        input: &Value,
    ) -> Result<Value, AwsError> {
        let text = |member: &str| {
            input[member]
                .as_str()
                .ok_or_else(|| errors::validation(format!("{member} is required")))
        };
        let stream = self.stream(text("StreamArn")?)?;
        if text("ShardId")? != stream.shard_id() {
            return Err(AwsError::bad_request(
                "ResourceNotFoundException",
                "Requested resource not found: Shard does not exist",
            ));
        }
        let number = || {
            text("SequenceNumber")?
                .parse::<i64>()
                .map_err(|_| errors::validation("Invalid SequenceNumber"))
        };
        let next = match text("ShardIteratorType")? {
            "TRIM_HORIZON" => stream.from,
            "LATEST" => self.journal.last()? + 1,
            "AT_SEQUENCE_NUMBER" => number()?,
            "AFTER_SEQUENCE_NUMBER" => number()? + 1,
            other => {
                return Err(errors::validation(format!(
                    "1 validation error detected: Value '{other}' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_SEQUENCE_NUMBER, TRIM_HORIZON]"
                )));
            }
        };
        Ok(json!({
            "ShardIterator": iterator(&stream.arn, next.max(stream.from)),
        }))
    }
}

/// As AWS shapes it: the stream's ARN, a version, an opaque rest.
pub(super) fn iterator(arn: &str, next: i64) -> String {
    format!("{arn}|1|{next}")
}

/// The iterator of an empty page before the change.
pub(super) fn after_empty_page(arn: &str, next: i64) -> String {
    format!("{arn}|1|{next}|")
}

/// The stream and the next change of an iterator, and whether it comes from an empty page.
pub(super) fn read_iterator(iterator: &str) -> Option<(&str, i64, bool)> {
    let (arn, rest) = iterator.split_once("|1|")?;
    let next = rest.trim_end_matches('|');
    Some((arn, next.parse().ok()?, next != rest))
}
