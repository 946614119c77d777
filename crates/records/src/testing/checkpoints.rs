use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;

use super::Faults;
use crate::ports::{Checkpoints, PortError, PortErrorKind, ShardCheckpoint, ShardLease, Watermark};

type Lines = BTreeMap<(String, String), ShardCheckpoint>;

/// Checkpoints in memory. Clones share them.
#[derive(Clone, Default)]
pub struct MemoryCheckpoints {
    lines: Arc<Mutex<Lines>>,
    faults: Faults,
}

impl MemoryCheckpoints {
    /// The same checkpoints as another process with its own faults sees them.
    #[must_use]
    pub fn with_faults(&self, faults: Faults) -> Self {
        Self {
            faults,
            ..self.clone()
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self, lease: &ShardLease, act: impl FnOnce(&mut ShardCheckpoint)) -> bool {
        let mut lines = self.lock();
        match lines.get_mut(&(lease.capture.clone(), lease.shard.clone())) {
            Some(line)
                if line.epoch == lease.epoch && line.worker.as_deref() == Some(&lease.worker) =>
            {
                act(line);
                true
            }
            _ => false,
        }
    }
}

#[async_trait]
impl Checkpoints for MemoryCheckpoints {
    async fn lease(
        &self,
        capture: &str,
        shard: &str,
        worker: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<ShardLease>, PortError> {
        let fate = self.faults.call("checkpoints:lease", shard)?;
        let answer = {
            let mut lines = self.lock();
            let line = lines
                .entry((capture.to_owned(), shard.to_owned()))
                .or_insert_with(|| ShardCheckpoint {
                    shard: shard.to_owned(),
                    worker: None,
                    epoch: 0,
                    until: now,
                    watermark: Watermark::default(),
                });
            let alive = line.until > now;
            let free = match &line.worker {
                None => true,
                Some(holder) => holder == worker || !alive,
            };
            free.then(|| {
                if line.worker.as_deref() != Some(worker) || !alive {
                    line.epoch += 1;
                }
                line.worker = Some(worker.to_owned());
                line.until = until;
                ShardLease {
                    capture: capture.to_owned(),
                    shard: shard.to_owned(),
                    worker: worker.to_owned(),
                    epoch: line.epoch,
                }
            })
        };
        self.faults
            .answer(fate, "checkpoints:lease", shard, Ok(answer))
    }

    async fn renew(&self, lease: &ShardLease, until: Timestamp) -> Result<bool, PortError> {
        let fate = self.faults.call("checkpoints:renew", &lease.shard)?;
        let held = self.held(lease, |line| line.until = until);
        self.faults
            .answer(fate, "checkpoints:renew", &lease.shard, Ok(held))
    }

    async fn save(&self, lease: &ShardLease, watermark: &Watermark) -> Result<(), PortError> {
        let fate = self.faults.call("checkpoints:save", &lease.shard)?;
        let held = self.held(lease, |line| line.watermark = watermark.clone());
        let answer = if held {
            Ok(())
        } else {
            Err(PortError::new(
                PortErrorKind::PreconditionFailed,
                "checkpoints:save",
                &lease.shard,
                "another worker has the shard",
            ))
        };
        self.faults
            .answer(fate, "checkpoints:save", &lease.shard, answer)
    }

    async fn release(&self, lease: &ShardLease) -> Result<(), PortError> {
        let fate = self.faults.call("checkpoints:release", &lease.shard)?;
        self.held(lease, |line| line.worker = None);
        self.faults
            .answer(fate, "checkpoints:release", &lease.shard, Ok(()))
    }

    async fn list(&self, capture: &str) -> Result<Vec<ShardCheckpoint>, PortError> {
        let fate = self.faults.call("checkpoints:list", capture)?;
        let lines = self
            .lock()
            .iter()
            .filter(|((of, _), _)| of == capture)
            .map(|(_, line)| line.clone())
            .collect();
        self.faults
            .answer(fate, "checkpoints:list", capture, Ok(lines))
    }
}
