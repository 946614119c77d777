use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

use super::PortError;

/// The stream of one table. Every error names the shard in its `subject`.
#[async_trait]
pub trait ChangeStream: Send + Sync {
    /// The stream's ARN.
    fn arn(&self) -> &str;

    /// All shards that the stream still knows, closed ones too (`DescribeStream`, all pages).
    async fn shards(&self) -> Result<Vec<Shard>, PortError>;

    /// A place to read from (`GetShardIterator`). `Trimmed` when the position is older than what
    /// the stream keeps; `NotFound` when the shard is gone.
    async fn iterator(
        &self,
        shard: &str,
        position: &StreamPosition,
    ) -> Result<ShardIterator, PortError>;

    /// The next records (`GetRecords`), at most `limit` (≤ 1,000). `Expired` for an old iterator,
    /// `Trimmed` when the records are gone.
    async fn records(&self, iterator: &ShardIterator, limit: u32)
    -> Result<RecordsPage, PortError>;
}

/// A shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Its id.
    pub id: String,
    /// The shard whose keys it took over, which must be read before; it may be gone.
    pub parent: Option<String>,
    /// Its first sequence number.
    pub first: Option<String>,
    /// Its last sequence number; none while it is open.
    pub last: Option<String>,
}

/// Where to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamPosition {
    /// At the oldest record that the stream keeps.
    TrimHorizon,
    /// After the record with this sequence number.
    After(String),
    /// After the newest record.
    Latest,
}

/// An opaque place in a shard, good for some minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardIterator {
    /// The shard.
    pub shard: String,
    /// What the service gave.
    pub token: String,
}

/// Some records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordsPage {
    /// In the order of the shard; may be empty although more follow.
    pub records: Vec<StreamRecord>,
    /// Where to go on; none at the end of a closed shard.
    pub next: Option<ShardIterator>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRecord {
    /// `eventID`.
    pub event_id: String,
    /// `eventName`: `INSERT`, `MODIFY` or `REMOVE`.
    pub event_name: String,
    /// `Keys` in wire form, attributes in the order in which the event has them.
    pub keys: Bytes,
    /// `NewImage` in wire form; none for a removal, or where the view type leaves it out.
    pub new_image: Option<Bytes>,
    /// `OldImage` in wire form, where the view type has it.
    pub old_image: Option<Bytes>,
    /// `SequenceNumber`, digits as the service wrote them.
    pub sequence_number: String,
    /// `ApproximateCreationDateTime`.
    pub created: Timestamp,
}
