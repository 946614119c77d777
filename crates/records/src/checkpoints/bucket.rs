use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    index::BackupPaths,
    ports::{
        Checkpoints, Condition, GetObject, ObjectStore, PortError, PortErrorKind, PutObject,
        ShardCheckpoint, ShardLease, Watermark,
    },
};

/// How often a lease is tried against others who take it at the same time.
const MAX_ATTEMPTS: u32 = 10;

/// Checkpoints as objects beside the backup, one per shard, replaced by conditional writes: several
/// processes without a database share the shards of one table.
pub struct BucketCheckpoints {
    store: Arc<dyn ObjectStore>,
    paths: BackupPaths,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    shard: String,
    worker: Option<String>,
    epoch: u64,
    until: Timestamp,
    watermark: Watermark,
}

impl BucketCheckpoints {
    /// The checkpoints of the backup at `paths`.
    pub fn new(store: Arc<dyn ObjectStore>, paths: BackupPaths) -> Self {
        Self { store, paths }
    }

    fn folder(&self, capture: &str) -> String {
        let digest = hex::encode(Sha256::digest(capture));
        self.paths.leases(digest.get(..16).unwrap_or_default())
    }

    fn name(&self, capture: &str, shard: &str) -> String {
        format!("{}{shard}.json", self.folder(capture))
    }

    async fn read(&self, name: &str) -> Result<Option<(Line, String)>, PortError> {
        let object = match self.store.get(&GetObject::new(name)).await {
            Ok(object) => object,
            Err(error) if error.kind == PortErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let line = serde_json::from_slice(&object.body).map_err(|error| {
            PortError::new(
                PortErrorKind::Unexpected,
                "checkpoints:read",
                name,
                error.to_string(),
            )
        })?;
        Ok(Some((line, object.head.etag)))
    }

    async fn write(&self, name: &str, line: &Line, condition: Condition) -> Result<(), PortError> {
        let body = serde_json::to_vec(line).map_err(|error| {
            PortError::new(
                PortErrorKind::Invalid,
                "checkpoints:write",
                name,
                error.to_string(),
            )
        })?;
        self.store
            .put(&PutObject::new(name, body).when(condition))
            .await
            .map(|_| ())
    }

    /// Changes the line of a lease while it is held. False when it is lost.
    async fn held(
        &self,
        lease: &ShardLease,
        change: impl Fn(&mut Line) + Send + Sync,
    ) -> Result<bool, PortError> {
        let name = self.name(&lease.capture, &lease.shard);
        for _ in 0..MAX_ATTEMPTS {
            let Some((mut line, etag)) = self.read(&name).await? else {
                return Ok(false);
            };
            if line.epoch != lease.epoch || line.worker.as_deref() != Some(&lease.worker) {
                return Ok(false);
            }
            let before = line.clone();
            change(&mut line);
            if line == before {
                return Ok(true);
            }
            match self.write(&name, &line, Condition::Matches(etag)).await {
                Err(error) if error.kind == PortErrorKind::PreconditionFailed => {}
                result => return result.map(|()| true),
            }
        }
        Err(contended(&lease.shard))
    }
}

#[async_trait]
impl Checkpoints for BucketCheckpoints {
    async fn lease(
        &self,
        capture: &str,
        shard: &str,
        worker: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<ShardLease>, PortError> {
        let name = self.name(capture, shard);
        for _ in 0..MAX_ATTEMPTS {
            let found = self.read(&name).await?;
            let (mut line, condition) = if let Some((line, etag)) = found {
                (line, Condition::Matches(etag))
            } else {
                let line = Line {
                    shard: shard.to_owned(),
                    worker: None,
                    epoch: 0,
                    until: now,
                    watermark: Watermark::default(),
                };
                (line, Condition::Absent)
            };
            let alive = line.until > now;
            let own = line.worker.as_deref() == Some(worker);
            if line.worker.is_some() && !own && alive {
                return Ok(None);
            }
            if !own || !alive {
                line.epoch += 1;
            }
            line.worker = Some(worker.to_owned());
            line.until = until;
            match self.write(&name, &line, condition).await {
                Ok(()) => {
                    return Ok(Some(ShardLease {
                        capture: capture.to_owned(),
                        shard: shard.to_owned(),
                        worker: worker.to_owned(),
                        epoch: line.epoch,
                    }));
                }
                Err(error) if error.kind == PortErrorKind::PreconditionFailed => {}
                Err(error) => return Err(error),
            }
        }
        Err(contended(shard))
    }

    async fn renew(&self, lease: &ShardLease, until: Timestamp) -> Result<bool, PortError> {
        self.held(lease, |line| line.until = until).await
    }

    async fn save(&self, lease: &ShardLease, watermark: &Watermark) -> Result<(), PortError> {
        let held = self
            .held(lease, |line| line.watermark = watermark.clone())
            .await?;
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
        self.held(lease, |line| line.worker = None).await?;
        Ok(())
    }

    async fn list(&self, capture: &str) -> Result<Vec<ShardCheckpoint>, PortError> {
        let folder = self.folder(capture);
        let mut all = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.store.list(&folder, after.as_deref()).await?;
            for object in page.objects {
                if let Some((line, _)) = self.read(&object.name).await? {
                    all.push(ShardCheckpoint {
                        shard: line.shard,
                        worker: line.worker,
                        epoch: line.epoch,
                        until: line.until,
                        watermark: line.watermark,
                    });
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(all),
            }
        }
    }
}

fn contended(shard: &str) -> PortError {
    PortError::new(
        PortErrorKind::Unavailable,
        "checkpoints:lease",
        shard,
        "others changed the lease each time that it was to be written",
    )
}
