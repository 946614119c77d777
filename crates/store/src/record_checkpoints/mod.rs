//! Checkpoints of record-level backups.

mod lease;
mod list;
mod renew;
mod save;

use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_records::ports::{
    Checkpoints, PortError, PortErrorKind, ShardCheckpoint, ShardLease, Watermark,
};
use tidemark_services::error::StoreError;

use crate::db::Db;

/// [`Checkpoints`] in SQL.
pub(crate) struct SqlCheckpoints(pub(crate) Db);

/// What the database reports, as the port words it.
fn failed(operation: &'static str, shard: &str) -> impl Fn(StoreError) -> PortError {
    move |error| {
        let kind = match &error {
            StoreError::Database(_) | StoreError::Unavailable { .. } => PortErrorKind::Unavailable,
            StoreError::Conflict(_) => PortErrorKind::Conflict,
            _ => PortErrorKind::Unexpected,
        };
        let mut message = error.to_string();
        if let StoreError::Database(source) | StoreError::Unavailable { source, .. } = &error {
            message = format!("{message}: {source}");
        }
        PortError::new(kind, operation, shard, message)
    }
}

#[async_trait]
impl Checkpoints for SqlCheckpoints {
    async fn lease(
        &self,
        capture: &str,
        shard: &str,
        worker: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<ShardLease>, PortError> {
        lease::lease(&self.0, capture, shard, worker, now, until)
            .await
            .map_err(failed("checkpoints:lease", shard))
    }

    async fn renew(&self, lease: &ShardLease, until: Timestamp) -> Result<bool, PortError> {
        renew::renew(&self.0, lease, until)
            .await
            .map_err(failed("checkpoints:renew", &lease.shard))
    }

    async fn save(&self, lease: &ShardLease, watermark: &Watermark) -> Result<(), PortError> {
        let held = save::save(&self.0, lease, watermark)
            .await
            .map_err(failed("checkpoints:save", &lease.shard))?;
        if held {
            return Ok(());
        }
        Err(PortError::new(
            PortErrorKind::PreconditionFailed,
            "checkpoints:save",
            &lease.shard,
            "another worker has the shard",
        ))
    }

    async fn release(&self, lease: &ShardLease) -> Result<(), PortError> {
        renew::release(&self.0, lease)
            .await
            .map_err(failed("checkpoints:release", &lease.shard))
    }

    async fn list(&self, capture: &str) -> Result<Vec<ShardCheckpoint>, PortError> {
        list::list(&self.0, capture)
            .await
            .map_err(failed("checkpoints:list", capture))
    }
}
