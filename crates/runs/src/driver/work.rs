//! Carrying out a step.

use std::sync::Arc;

use serde_json::Value;
use tidemark_domain::runs::{RunEventKind, SleepReason, StepError, StepView};
use tokio_util::sync::CancellationToken;

use super::{Driver, Flow, call::Call};
use crate::{Hold, Step, StepOutcome, StoreError, Wait, clock::later, token::seed};

impl Driver<'_> {
    pub(super) async fn work(&mut self, at: usize) -> Result<Flow, StoreError> {
        let step = &self.view.steps[at];
        let name = step.name.clone();
        // Once the run is asked to stop, only what runs always is begun; see `next`.
        let always = !step.always.is_no();
        let polls = step.work.waiting;
        if !polls && self.is_interrupted_too_often(step) {
            self.push(RunEventKind::StepFailed {
                step: name,
                error: interrupted(),
                will_retry: false,
            });
            return Ok(Flow::Continue);
        }
        let body = match self.body(&name) {
            Ok(body) => body,
            Err(error) => {
                self.push(RunEventKind::StepFailed {
                    step: name,
                    error,
                    will_retry: false,
                });
                return Ok(Flow::Continue);
            }
        };
        if !polls {
            let attempt = step.work.attempts.saturating_add(1);
            self.push(RunEventKind::StepStarted {
                step: name.clone(),
                attempt,
            });
        }
        // What follows has effects: that the step has begun must be on record before.
        self.flush(Hold::Keep, None).await?;
        let cancel = if always {
            CancellationToken::new()
        } else {
            self.control.cancel.clone()
        };
        if cancel.is_cancelled() {
            return Ok(Flow::Continue);
        }
        let step = &self.view.steps[at];
        let ctx = self.ctx(step, &step.work, cancel.clone());
        let call = if polls { Call::Poll } else { Call::Execute };
        let result = self.call(call, Arc::clone(&body), ctx).await?;
        if cancel.is_cancelled() {
            self.note_cancel();
        }
        match result {
            Ok(StepOutcome::Done(output)) => Ok(self.succeed(name, output)),
            Ok(StepOutcome::Skipped { why }) => {
                self.push(RunEventKind::StepSkipped { step: name, why });
                Ok(Flow::Continue)
            }
            // What it remembers is on record, and the run stops instead of sleeping.
            Ok(StepOutcome::Wait(wait)) if cancel.is_cancelled() => {
                self.push(RunEventKind::Sleeping {
                    step: name,
                    until: self.inner.clock.now(),
                    reason: SleepReason::Wait,
                    progress: wait.progress,
                    memo: wait.memo,
                });
                Ok(Flow::Continue)
            }
            Ok(StepOutcome::Wait(wait)) => self.wait(at, name, wait, false).await,
            Err(error) => {
                self.fail(at, name, error, &*body, cancel.is_cancelled())
                    .await
            }
        }
    }

    fn succeed(&mut self, step: String, output: Value) -> Flow {
        Arc::make_mut(&mut self.outputs).insert(step.clone(), output.clone());
        self.push(RunEventKind::StepSucceeded { step, output });
        Flow::Continue
    }

    async fn fail(
        &mut self,
        at: usize,
        step: String,
        error: StepError,
        body: &dyn Step,
        cancelled: bool,
    ) -> Result<Flow, StoreError> {
        let policy = body.retry();
        let failures = self.view.steps[at].work.failures.saturating_add(1);
        let will_retry = error.is_retryable() && failures < policy.max_attempts && !cancelled;
        self.push(RunEventKind::StepFailed {
            step: step.clone(),
            error,
            will_retry,
        });
        if !will_retry {
            return Ok(Flow::Continue);
        }
        let pause = policy.pause(failures, seed(self.run.id, &step, failures));
        self.sleep_before_retry(at, step, pause).await
    }

    pub(super) async fn sleep_before_retry(
        &mut self,
        at: usize,
        step: String,
        pause: jiff::SignedDuration,
    ) -> Result<Flow, StoreError> {
        let pause = pause.max(self.inner.config.shortest_wait);
        let until = later(self.inner.clock.now(), pause);
        let progress = self.view.steps[at].current().progress.clone();
        self.push(RunEventKind::Sleeping {
            step,
            until,
            reason: SleepReason::Retry,
            progress,
            memo: None,
        });
        self.flush(Hold::Release, None).await?;
        Ok(Flow::Released)
    }

    /// Lets the run sleep until the step wants to look again. A poll that finds nothing new moves
    /// the wake time and writes no event.
    pub(super) async fn wait(
        &mut self,
        at: usize,
        step: String,
        wait: Wait,
        undo: bool,
    ) -> Result<Flow, StoreError> {
        let soonest = later(self.inner.clock.now(), self.inner.config.shortest_wait);
        let until = wait.until.max(soonest);
        let view = &self.view.steps[at];
        let known = if undo { &view.undo } else { &view.work };
        let same = self.pending.is_empty()
            && known.waiting
            && known.failures == 0
            && known.progress == wait.progress
            && known.memo == wait.memo
            && self.view.wake_at.is_some();
        if !same {
            self.push(RunEventKind::Sleeping {
                step,
                until,
                reason: SleepReason::Wait,
                progress: wait.progress,
                memo: wait.memo,
            });
        }
        self.flush(Hold::Release, Some(until)).await?;
        Ok(Flow::Released)
    }

    fn is_interrupted_too_often(&self, step: &StepView) -> bool {
        step.work.running
            && step.work.interruptions.saturating_add(1) >= self.inner.config.max_interruptions
    }
}

pub(super) fn interrupted() -> StepError {
    StepError::permanent("The worker stopped each time it carried out this step")
        .with_guidance("Look into the workers' logs: the step may bring them down")
}
