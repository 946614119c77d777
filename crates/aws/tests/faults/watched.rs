//! Run kinds whose steps tell the sky when they begin.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::Value;
use tidemark_domain::runs::{Always, OnFailure, Outcome, RunView, StepError};
use tidemark_runs::{ParamsError, RetryPolicy, RunKind, Step, StepCtx, StepOutcome};

use crate::sky::Sky;

pub(crate) struct Watched {
    pub(crate) kind: Box<dyn RunKind>,
    pub(crate) sky: Arc<Sky>,
}

struct WatchedStep {
    step: Box<dyn Step>,
    sky: Arc<Sky>,
}

impl RunKind for Watched {
    fn name(&self) -> &str {
        self.kind.name()
    }

    fn params_version(&self) -> u32 {
        self.kind.params_version()
    }

    fn steps(&self, params: &Value) -> Result<Vec<Box<dyn Step>>, ParamsError> {
        let steps = self.kind.steps(params)?.into_iter();
        Ok(steps
            .map(|step| -> Box<dyn Step> {
                Box::new(WatchedStep {
                    step,
                    sky: Arc::clone(&self.sky),
                })
            })
            .collect())
    }

    fn upgrade(&self, version: u32, params: Value) -> Result<Value, ParamsError> {
        self.kind.upgrade(version, params)
    }

    fn outcome(&self, view: &RunView, outcome: Outcome) -> Outcome {
        self.kind.outcome(view, outcome)
    }

    fn rest(&self, params: &Value, view: &RunView) -> Option<Value> {
        self.kind.rest(params, view)
    }

    fn summary(&self, view: &RunView) -> Value {
        self.kind.summary(view)
    }
}

#[async_trait]
impl Step for WatchedStep {
    fn name(&self) -> &str {
        self.step.name()
    }

    fn title(&self) -> String {
        self.step.title()
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.sky.step_begins(self.step.name());
        self.step.execute(ctx).await
    }

    async fn poll(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.step.poll(ctx).await
    }

    fn can_undo(&self) -> bool {
        self.step.can_undo()
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.step.undo(ctx).await
    }

    async fn poll_undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.step.poll_undo(ctx).await
    }

    fn always(&self) -> Always {
        self.step.always()
    }

    fn only_looks(&self) -> bool {
        self.step.only_looks()
    }

    fn on_failure(&self) -> OnFailure {
        self.step.on_failure()
    }

    fn seals(&self) -> bool {
        self.step.seals()
    }

    fn retry(&self) -> RetryPolicy {
        self.step.retry()
    }

    fn undo_retry(&self) -> RetryPolicy {
        self.step.undo_retry()
    }

    fn deadline(&self) -> Option<SignedDuration> {
        self.step.deadline()
    }
}
