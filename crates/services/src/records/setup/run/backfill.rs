use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::json;
use tidemark_domain::runs::{NoteLevel, StepError};
use tidemark_records::{
    capture::{Applier, Backfill, BackfillOptions, BackfillProgress},
    index::IndexDocument,
    without_records,
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::World;
use crate::records::{errors::records_step_error, open_backup::index_of};

/// How often the step tells how far it is.
const TELL: Duration = Duration::from_millis(500);
/// Troubles that become notes of the run.
const NOTES: usize = 20;

/// Stores what the table held before its stream was read. Stopped anywhere, it goes on where the
/// index says.
pub(super) struct BackfillStep(pub(super) World);

#[async_trait]
impl Step for BackfillStep {
    fn name(&self) -> &'static str {
        "backfill"
    }

    fn title(&self) -> String {
        "First copy of every record".to_owned()
    }

    /// A table may take days.
    fn deadline(&self) -> Option<SignedDuration> {
        None
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let access = self.0.open(ctx).await?;
        let index = index_of(&self.0.capture(ctx), &access);
        let failed = |error| records_step_error(&error).with_guidance(ON);
        let document = index.load().await.map_err(failed)?;
        let Some(id) = entry_of(&document, ctx) else {
            return StepOutcome::done_with(json!({ "already": document.complete_from() }));
        };
        let capacity = self.0.params.request.capacity;
        let backfill = Backfill::new(
            Arc::clone(&access.table),
            Arc::clone(&access.clock),
            Applier::new(index, &document),
            BackfillOptions {
                capacity_milli_per_second: capacity.map(|units| u64::from(units) * 1_000),
                ..BackfillOptions::default()
            },
            id.clone(),
        );
        let telling = async {
            loop {
                tokio::time::sleep(TELL).await;
                tell(ctx, &backfill.progress().await, document.table.item_count);
            }
        };
        let done = tokio::select! {
            done = backfill.run() => done.map_err(failed)?,
            () = ctx.cancelled() => {
                return Err(StepError::cancelled());
            }
            () = telling => return Err(StepError::cancelled()),
        };
        for trouble in done.troubles.iter().take(NOTES) {
            let text = format!("{}: {}", trouble.subject, trouble.what);
            // A run is read by more people than records are.
            ctx.note(NoteLevel::Warning, without_records(&text));
        }
        tell(ctx, &done, document.table.item_count);
        StepOutcome::done_with(json!({
            "id": id, "items": done.items, "bytes": done.bytes, "troubles": done.troubles.len(),
        }))
    }
}

const ON: &str = "The capture stays on. Fix the cause, then start the set-up again: it goes on where this one ended.";

/// The backfill to run: one that was begun and not ended, or a new one; none where the backup has a
/// whole copy without a gap after it, and no proof found that something is missing.
fn entry_of(document: &IndexDocument, ctx: &StepCtx) -> Option<String> {
    let unfinished = document
        .backfills
        .iter()
        .rev()
        .find(|backfill| backfill.completed_at.is_none());
    let is_proven = document.proofs.last().is_none_or(|proof| proof.complete);
    match unfinished {
        _ if document.complete_from().is_some() && is_proven => None,
        Some(unfinished) => Some(unfinished.id.clone()),
        None => Some(format!("run-{}", ctx.run_id())),
    }
}

fn tell(ctx: &StepCtx, progress: &BackfillProgress, total: Option<u64>) {
    let percent = total
        .filter(|total| *total > 0)
        .and_then(|total| u8::try_from((progress.items.saturating_mul(100) / total).min(99)).ok());
    let message = format!(
        "{} records, {} bytes, {} capacity units",
        progress.items,
        progress.bytes,
        progress.capacity_milli / 1_000
    );
    ctx.progress(percent, message);
}
