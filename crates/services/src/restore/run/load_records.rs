use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::json;
use tidemark_domain::{
    RestoreSource,
    records::Capture,
    runs::{NoteLevel, StepError},
};
use tidemark_records::{
    ports::Clock,
    restore::{LoadOptions, LoadRequest, LoadState, RestoreFilter, load_owns, load_table},
    retry::Backoff,
    states::Backup,
    without_records,
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{identity::IDENTITY, world::World};
use crate::{
    ports::RecordsAccess,
    records::{index_of, load_id, partition_value, records_step_error},
    runs::step_error,
};

pub(super) const NAME: &str = "load-records";

/// Parts that could not be read and that the run names one by one.
const NAMED: usize = 50;

/// Makes the new table and writes the records into it. How far it is lies in the bucket, so that
/// another worker goes on there.
pub(super) struct LoadRecords(pub(super) World);

#[async_trait]
impl Step for LoadRecords {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        match &self.0.plan.request.target_table {
            Some(table) => format!("Make table {table} and write its records"),
            None => "Make the table and write its records".to_owned(),
        }
    }

    /// As long as it takes: it tells how far it is.
    fn deadline(&self) -> Option<SignedDuration> {
        None
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let (capture, access) = self.open(ctx).await?;
        let index = index_of(&capture, &access);
        let backup = Backup::open(index)
            .await
            .map_err(|error| records_step_error(&error))?;
        let request = self.request(ctx, &backup)?;
        let total = request
            .filter
            .is_all()
            .then_some(request.like.item_count)
            .flatten();
        let table = access.other_table(self.0.table()?);
        let clock: Arc<dyn Clock> = access.clock.clone();
        let (options, backoff) = (LoadOptions::default(), Backoff::new(clock));
        let load = load_table(&backup, &table, &request, &options, &backoff, |state| {
            // The table may have grown or shrunk since it was counted.
            let percent = total
                .filter(|total| *total > 0)
                .and_then(|total| u8::try_from((state.written * 100 / total).min(99)).ok());
            ctx.progress(percent, format!("{} records written", state.written));
        });
        let state = tokio::select! {
            state = load => state.map_err(|error| records_step_error(&error))?,
            () = ctx.cancelled() => return Err(StepError::cancelled()),
        };
        self.done(ctx, &state).await
    }

    fn can_undo(&self) -> bool {
        true
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let (capture, access) = self.open(ctx).await?;
        let index = index_of(&capture, &access);
        let id = load_id(ctx.run_id());
        let table = access.other_table(self.0.table()?);
        let ours = load_owns(&index, &id, table.as_ref())
            .await
            .map_err(|error| records_step_error(&error))?;
        self.0
            .remove_table(ctx, !ctx.was_refused(), |_| Ok(ours))
            .await
    }
}

impl LoadRecords {
    async fn open(&self, ctx: &StepCtx) -> Result<(Capture, RecordsAccess), StepError> {
        let RestoreSource::Records { capture, .. } = &self.0.plan.request.source else {
            return Err(StepError::permanent("the source is no record-level backup"));
        };
        let stored = self.0.captures.get(capture).await.map_err(|error| {
            StepError::retryable(format!("the capture could not be read: {error}"))
        })?;
        let capture = stored
            .ok_or_else(|| StepError::permanent("the record-level backup was forgotten meanwhile"))?
            .capture;
        let target = self.0.target(ctx).await?;
        let access = self
            .0
            .records
            .open(&target, capture.table_name(), &capture.bucket)
            .await
            .map_err(|error| step_error(&error))?;
        Ok((capture, access))
    }

    fn request(&self, ctx: &StepCtx, backup: &Backup) -> Result<LoadRequest, StepError> {
        let RestoreSource::Records { at, partition, .. } = &self.0.plan.request.source else {
            return Err(StepError::permanent("the source is no record-level backup"));
        };
        let document = backup
            .document()
            .ok_or_else(|| StepError::permanent("the backup has no index"))?;
        let partition = partition
            .as_deref()
            .map(|text| partition_value(backup.schema(), text))
            .transpose()
            .map_err(|error| StepError::permanent(error.to_string()))?;
        Ok(LoadRequest {
            id: load_id(ctx.run_id()),
            like: document.table.clone(),
            as_of: *at,
            filter: RestoreFilter {
                partition,
                ..RestoreFilter::default()
            },
        })
    }

    async fn done(&self, ctx: &StepCtx, state: &LoadState) -> Result<StepOutcome, StepError> {
        for trouble in state.troubles.iter().take(NAMED) {
            let text = format!("Missing: {}: {}", trouble.subject, trouble.what);
            // A run is read by more people than records are.
            ctx.note(NoteLevel::Warning, without_records(&text));
        }
        let target = self.0.target(ctx).await?;
        let found = self.0.cloud.table(&target, self.0.table()?).await;
        let table = found
            .map_err(|error| step_error(&error))?
            .ok_or_else(|| StepError::conflict("the new table is gone; somebody deleted it"))?;
        StepOutcome::done_with(json!({
            "created": table.arn,
            IDENTITY: table.identity,
            "records": state.written,
            "unreadable": state.troubles.len(),
        }))
    }
}
