//! Carries one run forward while its lease lasts.

mod call;
mod limit;
mod log;
mod trouble;
mod undo;
mod work;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde_json::Value;
use tidemark_domain::runs::{
    Activity, Outcome, Run, RunEvent, RunEventKind, RunView, StepError, StepErrorKind, StepState,
    StepView,
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::{
    Claimed, Hold, LeaseKey, Step, StepCtx, StoreError,
    ctx::Sink,
    engine::{Control, Inner},
    next::{Next, next},
};

/// Works on a claimed run until it ends, sleeps, or is lost. What goes wrong with the store is
/// logged here; the lease then runs out, and another claim goes on where the log ends.
pub(crate) async fn drive(inner: Arc<Inner>, claim: Claimed, control: Arc<Control>) {
    let span = tracing::info_span!("run", id = %claim.run.id, kind = %claim.run.kind);
    let id = claim.run.id;
    let key = claim.lease_key();
    let _guard = inner.active.enter(key.clone(), Arc::clone(&control));
    let lost = control.lost.clone();
    let mut driver = Driver::new(&inner, claim, key, control);
    let work = async {
        tokio::select! {
            biased;
            () = lost.cancelled() => Err(StoreError::Fenced(id)),
            end = driver.run() => end,
        }
    };
    match work.instrument(span.clone()).await {
        Ok(()) => {}
        Err(StoreError::Fenced(_)) => {
            span.in_scope(|| tracing::info!("Another worker has the run; this one stops"));
        }
        Err(error) => span.in_scope(|| {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "The run's log could not be written; it goes on when its lease has run out"
            );
        }),
    }
}

struct Driver<'a> {
    inner: &'a Inner,
    run: Arc<Run>,
    /// The bodies of the steps by name, or why there are none.
    steps: Result<HashMap<String, Arc<dyn Step>>, StepError>,
    view: RunView,
    key: LeaseKey,
    control: Arc<Control>,
    /// Folded into the view, not yet in the store.
    pending: Vec<RunEvent>,
    outputs: Arc<BTreeMap<String, Value>>,
}

/// Whether to go on after a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// Look what is next.
    Continue,
    /// The run sleeps, and the lease is given back.
    Released,
}

impl<'a> Driver<'a> {
    fn new(inner: &'a Inner, claim: Claimed, key: LeaseKey, control: Arc<Control>) -> Self {
        let view = RunView::fold(&claim.events);
        let outputs = view
            .steps
            .iter()
            .filter(|step| has_left(step))
            .map(|step| (step.name.clone(), step.output.clone()))
            .collect();
        let mut run = claim.run;
        if let Some(request) = run.cancel.clone().filter(|_| run.cancel_pending()) {
            control.request_cancel(request);
        }
        let steps = bodies(inner, &mut run);
        Self {
            inner,
            run: Arc::new(run),
            steps,
            view,
            key,
            control,
            pending: Vec::new(),
            outputs: Arc::new(outputs),
        }
    }

    async fn run(&mut self) -> Result<(), StoreError> {
        loop {
            self.note_cancel();
            if self.control.stop.is_cancelled() {
                return self.flush(Hold::Release, None).await;
            }
            let flow = match next(&self.view) {
                Next::Nothing => return self.flush(Hold::Release, None).await,
                Next::Work(at) if self.is_over(at) => Flow::Continue,
                Next::Work(at) => self.work(at).await?,
                Next::Undo(at) => self.undo(at).await?,
                Next::Compensate(cause) => {
                    self.push(RunEventKind::CompensationStarted { cause });
                    Flow::Continue
                }
                Next::Finish(outcome) => return self.finish(outcome).await,
            };
            if flow == Flow::Released {
                return Ok(());
            }
        }
    }

    /// Writes a pending request to stop into the log.
    fn note_cancel(&mut self) {
        if self.view.cancel.is_some() || self.view.state.is_terminal() {
            return;
        }
        if let Some(request) = self.control.cancel_request() {
            self.push(RunEventKind::CancelRequested {
                by: request.by,
                reason: request.reason,
            });
        }
    }

    async fn finish(&mut self, outcome: Outcome) -> Result<(), StoreError> {
        let kind = self.inner.kinds.get(&self.run.kind);
        let summary = kind.map_or(Value::Null, |kind| kind.summary(&self.view));
        let outcome = match (kind, outcome) {
            (Some(kind), Outcome::Succeeded | Outcome::SucceededWithWarnings) => {
                kind.outcome(&self.view, outcome)
            }
            (_, outcome) => outcome,
        };
        self.push(RunEventKind::Finished { outcome, summary });
        self.flush(Hold::Release, None).await?;
        match outcome {
            Outcome::Succeeded | Outcome::Cancelled => {
                tracing::info!(?outcome, "The run has ended");
            }
            Outcome::SucceededWithWarnings | Outcome::PartlyFailed => {
                tracing::warn!(?outcome, "The run has ended with something left to do");
            }
            Outcome::Failed => {
                let error = self.view.error.as_ref().map(ToString::to_string);
                tracing::warn!(error, "The run has failed");
            }
        }
        Ok(())
    }

    /// The body of the step, or why there is none.
    fn body(&self, name: &str) -> Result<Arc<dyn Step>, StepError> {
        match &self.steps {
            Err(error) => Err(error.clone()),
            Ok(steps) => steps.get(name).cloned().ok_or_else(|| {
                StepError::retryable(format!(
                    "This version of the console does not know the step {name:?}"
                ))
                .with_guidance("Let a worker of the version that created the run finish it")
            }),
        }
    }

    fn ctx(&self, step: &StepView, own: &Activity, cancel: CancellationToken) -> StepCtx {
        StepCtx {
            run: Arc::clone(&self.run),
            step: step.name.clone(),
            attempt: own.attempts,
            outputs: Arc::clone(&self.outputs),
            own: Some(own.clone()),
            work: step.work.clone(),
            conflicts: Arc::new(
                self.view
                    .steps
                    .iter()
                    .filter(|step| was_in_conflict(step))
                    .map(|step| step.name.clone())
                    .collect(),
            ),
            failures: Arc::new(
                self.view
                    .steps
                    .iter()
                    .filter(|step| step.state == StepState::Failed)
                    .filter_map(|step| Some((step.name.clone(), step.work.error.clone()?)))
                    .collect(),
            ),
            clock: Arc::clone(&self.inner.clock),
            cancel,
            sink: Arc::new(Sink::default()),
        }
    }
}

/// Whether a step was tried once, and what it acts on refused it for a conflict.
fn was_in_conflict(step: &StepView) -> bool {
    let work = &step.work;
    let conflict = work
        .error
        .as_ref()
        .is_some_and(|error| error.kind == StepErrorKind::Conflict);
    step.state == StepState::Failed && conflict && work.attempts <= 1 && work.interruptions == 0
}

/// Whether a step was done, also when it is being undone by now: an undo that is taken up again has to
/// know what its step left.
fn has_left(step: &StepView) -> bool {
    let done = step.work.finished_at.is_some() && step.work.error.is_none();
    step.state == StepState::Succeeded || (done && step.skipped.is_none())
}

/// The bodies of the run's steps; brings its parameters to the present version.
fn bodies(inner: &Inner, run: &mut Run) -> Result<HashMap<String, Arc<dyn Step>>, StepError> {
    let kind = inner.kinds.get(&run.kind).ok_or_else(|| {
        StepError::retryable(format!("There is no kind of run called {:?}", run.kind))
    })?;
    let read = |error: crate::ParamsError| {
        StepError::retryable(format!("The run's parameters could not be read: {error}"))
    };
    if run.params_version != kind.params_version() {
        run.params = kind
            .upgrade(run.params_version, run.params.take())
            .map_err(read)?;
    }
    let steps = kind.steps(&run.params).map_err(read)?;
    Ok(steps
        .into_iter()
        .map(|step| (step.name().to_owned(), Arc::from(step)))
        .collect())
}
