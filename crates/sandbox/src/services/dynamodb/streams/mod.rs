//! Streams read from the journal: in order, with their times, for 24 hours.

mod describe_stream;
mod get_records;
mod get_shard_iterator;
mod list_streams;

use awsim_core::AwsError;
use jiff::Timestamp;
use serde_json::Value;

use super::{Dynamo, errors, table_key::TableKey};

/// A stream of one table, from its being switched on to its being switched off.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    pub(super) arn: String,
    pub(super) label: String,
    pub(super) table: TableKey,
    pub(super) view: String,
    pub(super) key_schema: Value,
    /// First change that may belong to it.
    pub(super) from: i64,
    /// First change that does not, once it is off.
    pub(super) to: Option<i64>,
    pub(super) created: Timestamp,
}

impl Stream {
    /// The one shard that a simulated stream has.
    pub(super) fn shard_id(&self) -> String {
        format!(
            "shardId-{:020}-{:08x}",
            self.created.as_millisecond(),
            self.from
        )
    }

    /// Changes before this one.
    pub(super) fn end(&self) -> i64 {
        self.to.unwrap_or(i64::MAX)
    }
}

/// A sequence number as it is shown: 21 digits, so that text order is number order.
pub(super) fn sequence(seq: i64) -> String {
    format!("{seq:021}")
}

impl Dynamo {
    /// Notes the stream that a table's description shows, or that it shows none any more.
    pub(super) fn follow_stream(
        &self,
        table: &TableKey,
        description: &Value,
        now: Timestamp,
    ) -> Result<(), AwsError> {
        let Some(arn) = description["LatestStreamArn"]
            .as_str()
            .filter(|_| description["StreamSpecification"]["StreamEnabled"] == true)
        else {
            let last = self.journal.last()?;
            return self.end_streams(table, last);
        };
        let running = self
            .registry
            .lock()
            .streams
            .get(arn)
            .is_some_and(|stream| stream.to.is_none());
        if running {
            return Ok(());
        }
        let indexed = description.get("GlobalSecondaryIndexes").is_some();
        let position = self.journal.track(table, indexed)?;
        self.journal.set_stream(table, true)?;
        let stream = Stream {
            arn: arn.to_owned(),
            label: arn.rsplit('/').next().unwrap_or_default().to_owned(),
            table: table.clone(),
            view: description["StreamSpecification"]["StreamViewType"]
                .as_str()
                .unwrap_or("NEW_AND_OLD_IMAGES")
                .to_owned(),
            key_schema: description["KeySchema"].clone(),
            from: position.seq + 1,
            to: None,
            created: now,
        };
        self.registry
            .lock()
            .streams
            .insert(stream.arn.clone(), stream);
        Ok(())
    }

    /// Ends the table's stream after the change with this number.
    pub(super) fn end_streams(&self, table: &TableKey, last: i64) -> Result<(), AwsError> {
        let ended = {
            let mut known = self.registry.lock();
            let mut ended = false;
            for stream in known.streams.values_mut() {
                if stream.table == *table && stream.to.is_none() {
                    stream.to = Some(last + 1);
                    ended = true;
                }
            }
            ended
        };
        if ended {
            self.journal.set_stream(table, false)?;
        }
        Ok(())
    }

    fn stream(&self, arn: &str) -> Result<Stream, AwsError> {
        self.registry
            .lock()
            .streams
            .get(arn)
            .cloned()
            .ok_or_else(|| errors::stream_not_found(arn))
    }
}
