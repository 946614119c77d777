use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::PortError;

/// Who reads which shard, and how far. Shared by replicas, so that each shard has one reader.
///
/// The backup's own index holds the watermarks that count (they move together with the data);
/// these serve leases and progress. Every error names the shard in its `subject`.
#[async_trait]
pub trait Checkpoints: Send + Sync {
    /// Takes or keeps the shard for `worker` until `until`. None when another worker's lease is
    /// still good at `now`. A change of worker raises the epoch; so does taking back one's own
    /// lease after it ran out.
    async fn lease(
        &self,
        capture: &str,
        shard: &str,
        worker: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<ShardLease>, PortError>;

    /// Prolongs a lease. False when it is lost.
    async fn renew(&self, lease: &ShardLease, until: Timestamp) -> Result<bool, PortError>;

    /// Saves how far the shard is read. `PreconditionFailed` when the lease's epoch is not the
    /// present one.
    async fn save(&self, lease: &ShardLease, watermark: &Watermark) -> Result<(), PortError>;

    /// Gives the shard back; does nothing when the lease is lost.
    async fn release(&self, lease: &ShardLease) -> Result<(), PortError>;

    /// All shards of a capture.
    async fn list(&self, capture: &str) -> Result<Vec<ShardCheckpoint>, PortError>;
}

/// The right to read a shard for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardLease {
    /// The capture: one table's stream into one place.
    pub capture: String,
    /// The shard.
    pub shard: String,
    /// Who holds it.
    pub worker: String,
    /// Counts its holders; writes with an older one are refused.
    pub epoch: u64,
}

/// How far a shard is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watermark {
    /// The last sequence number that is safely stored, digits as the service wrote them; none
    /// before the first.
    pub sequence: Option<String>,
    /// The time of that change, or of the last look that found nothing newer.
    pub at: Option<Timestamp>,
    /// The shard is read to its end.
    pub closed: bool,
}

/// One line of [`Checkpoints::list`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardCheckpoint {
    /// The shard.
    pub shard: String,
    /// Who holds it; none when it was given back.
    pub worker: Option<String>,
    /// Its epoch.
    pub epoch: u64,
    /// Until when.
    pub until: Timestamp,
    /// How far it is read.
    pub watermark: Watermark,
}
