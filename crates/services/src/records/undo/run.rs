//! The run that carries an undo's plan out.
//!
//! Plan and state lie in the bucket, so that a worker that takes over goes on with the page of the
//! plan at which the other one was. A record that is as it shall be already counts as done.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidemark_domain::{
    records::Capture,
    runs::{NoteLevel, RunView, StepError},
};
use tidemark_records::{
    index::IndexHandle,
    restore::{ApplyOptions, RestorePlan, RestoreState, apply_restore, load_plan},
};
use tidemark_runs::{ParamsError, RunKind, Step, StepCtx, StepOutcome, parse_params};

use crate::{
    ports::{AccountStore, RecordsAccess, RecordsCloud},
    records::{
        open_backup::index_of,
        opened::{Purpose, policy},
        records_step_error,
    },
    runs::{run_target, step_error},
};

/// The kind's name in the run store.
pub const UNDO_KIND: &str = "records_undo";

const CHECK: &str = "check-the-plan";
const APPLY: &str = "write-the-records";

/// The parameters: the plan itself lies in the bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UndoParams {
    /// Where.
    pub(crate) capture: Capture,
    /// The plan's id.
    pub(crate) plan: String,
    /// Digest of the plan that was shown.
    pub(crate) digest: String,
    /// Records that it writes or deletes.
    pub(crate) actions: u64,
    /// Records that were in conflict when it was made.
    pub(crate) conflicts: u64,
}

/// The run kind *undo of records*.
pub struct UndoRun {
    ports: Ports,
}

#[derive(Clone)]
struct Ports {
    accounts: Arc<dyn AccountStore>,
    records: Arc<dyn RecordsCloud>,
}

impl UndoRun {
    /// The kind over its ports.
    pub fn new(accounts: Arc<dyn AccountStore>, records: Arc<dyn RecordsCloud>) -> Self {
        Self {
            ports: Ports { accounts, records },
        }
    }
}

impl RunKind for UndoRun {
    fn name(&self) -> &'static str {
        UNDO_KIND
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let params: UndoParams = parse_params(params)?;
        let work = || Work {
            ports: self.ports.clone(),
            params: params.clone(),
        };
        Ok(vec![Box::new(Check(work())), Box::new(Apply(work()))])
    }

    fn summary(&self, view: &RunView) -> Value {
        let output = |name| view.step(name).map(|step| step.output.clone());
        json!({
            "plan": output(CHECK),
            "result": output(APPLY),
        })
    }
}

/// What both steps work with.
struct Work {
    ports: Ports,
    params: UndoParams,
}

impl Work {
    /// Bucket and table, with nothing but this plan's rights.
    async fn open(&self, ctx: &StepCtx) -> Result<(IndexHandle, RecordsAccess), StepError> {
        let capture = &self.params.capture;
        let purpose = Purpose::Undo {
            plan: self.params.plan.clone(),
        };
        let target = run_target(
            self.ports.accounts.as_ref(),
            &capture.account,
            &capture.region,
            ctx.run_id(),
            &ctx.source_identity(),
            policy(capture, &purpose).fitted(),
        )
        .await?;
        let access = self
            .ports
            .records
            .open(&target, capture.table_name(), &capture.bucket)
            .await
            .map_err(|error| step_error(&error))?;
        Ok((index_of(capture, &access), access))
    }

    /// The plan, if it is still the one that was confirmed.
    async fn plan(&self, index: &IndexHandle) -> Result<RestorePlan, StepError> {
        let plan = load_plan(index, &self.params.plan)
            .await
            .map_err(|error| records_step_error(&error))?;
        if plan.digest != self.params.digest || plan.computed_digest() != self.params.digest {
            return Err(StepError::conflict(
                "the plan in the bucket is not the one that was confirmed",
            )
            .with_guidance("Make the plan anew from the comparison; nothing was written."));
        }
        Ok(plan)
    }
}

/// Looks that the plan is the one that was confirmed.
struct Check(Work);

#[async_trait]
impl Step for Check {
    fn name(&self) -> &'static str {
        CHECK
    }

    fn title(&self) -> String {
        format!("Read the plan for {} records", self.0.params.actions)
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let (index, _) = self.0.open(ctx).await?;
        let plan = self.0.plan(&index).await?;
        if !plan.conflicts.is_empty() {
            let count = plan.conflicts.len();
            ctx.note(
                NoteLevel::Warning,
                format!("{count} records changed after what is undone, and are left alone; the plan names them."),
            );
        }
        StepOutcome::done_with(json!({
            "id": plan.id,
            "capture": self.0.params.capture.id,
            "conflicts": plan.conflicts.len(),
        }))
    }
}

/// Writes the records, page by page of the plan.
struct Apply(Work);

#[async_trait]
impl Step for Apply {
    fn name(&self) -> &'static str {
        APPLY
    }

    fn title(&self) -> String {
        format!(
            "Bring {} records of {} back",
            self.0.params.actions,
            self.0.params.capture.table_name()
        )
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let (index, access) = self.0.open(ctx).await?;
        let plan = self.0.plan(&index).await?;
        let total = plan.counts.actions();
        let options = ApplyOptions::default();
        let apply = apply_restore(&index, &access.table, &plan, &options, |state| {
            let done = done(state);
            ctx.progress(
                u8::try_from(done * 100 / total.max(1)).ok(),
                format!("{done} of {total} records"),
            );
        });
        // Stopped between two records, what is written stays, and is said to.
        let state = tokio::select! {
            state = apply => state.map_err(|error| records_step_error(&error))?,
            () = ctx.cancelled() => return Err(StepError::cancelled()),
        };
        if !state.changed.is_empty() {
            let count = state.changed.len();
            ctx.note(
                NoteLevel::Warning,
                format!("{count} records changed after the plan was made, and are left alone; the plan names them."),
            );
        }
        StepOutcome::done_with(json!({
            "created": state.created,
            "overwritten": state.overwritten,
            "deleted": state.deleted,
            "already": state.already,
            "left": state.changed.len(),
        }))
    }

    /// As long as it takes: it tells how far it is.
    fn deadline(&self) -> Option<SignedDuration> {
        None
    }
}

fn done(state: &RestoreState) -> u64 {
    let left = u64::try_from(state.changed.len()).unwrap_or(u64::MAX);
    state.created + state.overwritten + state.deleted + state.already + left
}
