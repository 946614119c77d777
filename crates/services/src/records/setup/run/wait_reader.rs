use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::runs::StepError;
use tidemark_records::capture::capture_name;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::World;
use crate::{
    records::{errors::records_step_error, open_backup::index_of},
    runs::next_look,
};

/// How long a capture may fail before the run gives up. Nothing is undone then.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// Waits until a worker reads every shard of the stream.
pub(super) struct WaitReader(pub(super) World);

#[async_trait]
impl Step for WaitReader {
    fn name(&self) -> &'static str {
        "reader"
    }

    fn title(&self) -> String {
        "Every shard of the stream read".to_owned()
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let access = self.0.open(ctx).await?;
        let capture = self.0.capture(ctx);
        let index = index_of(&capture, &access);
        let failed = |error| records_step_error(&error);
        let entry = index.load().await.map_err(failed)?.capture;
        let entry = entry.ok_or_else(|| StepError::permanent("the index has no capture"))?;
        let shards = access.stream(&entry.stream).shards().await;
        let shards = shards.map_err(|error| failed(error.into()))?;
        let read = self
            .0
            .checkpoints
            .list(&capture_name(&entry.stream, index.paths()))
            .await
            .map_err(|error| failed(error.into()))?;
        let read: BTreeSet<String> = read
            .into_iter()
            .filter(|checkpoint| checkpoint.worker.is_some())
            .map(|checkpoint| checkpoint.shard)
            .chain(entry.shards.into_keys())
            .collect();
        let open: Vec<_> = shards.iter().filter(|shard| shard.last.is_none()).collect();
        let waiting = open
            .iter()
            .filter(|shard| !read.contains(&shard.id))
            .count();
        if waiting == 0 && !open.is_empty() {
            return Ok(StepOutcome::done());
        }
        let trouble = self.trouble(ctx).await;
        let failing_since: Option<Timestamp> = ctx.memo()?;
        let failing_since = trouble
            .as_ref()
            .map(|_| failing_since.unwrap_or_else(|| ctx.now()));
        if let (Some(trouble), Some(since)) = (&trouble, failing_since)
            && ctx.now().duration_since(since) >= PATIENCE
        {
            return Err(StepError::permanent(format!("the stream cannot be read: {trouble}"))
                .with_guidance("The capture stays on and tries again by itself. Fix the cause, then start the set-up again: it goes on where this one ended."));
        }
        let message = trouble
            .unwrap_or_else(|| format!("{waiting} of {} shards wait for a worker", open.len()));
        let mut wait = StepOutcome::wait(next_look(ctx.now(), ctx.began_at()), message);
        if let Some(since) = failing_since {
            wait = wait.memo(since.to_string());
        }
        Ok(wait.into())
    }
}

impl WaitReader {
    /// What the workers say.
    async fn trouble(&self, ctx: &StepCtx) -> Option<String> {
        let table = self.0.capture(ctx);
        let known = self.0.captures.of_table(&table.table).await.ok()?;
        known
            .into_iter()
            .find(|stored| {
                stored.capture.bucket == table.bucket && stored.capture.prefix == table.prefix
            })
            .and_then(|stored| stored.status.last_error)
            .map(|error| error.message)
    }
}
