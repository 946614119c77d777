//! Carrying out a step.

use std::sync::Arc;

use serde_json::Value;
use tidemark_domain::runs::{RunEventKind, SleepReason, StepError, StepErrorKind, StepView};
use tokio_util::sync::CancellationToken;

use super::{Driver, Flow, call::Call, trouble::Trouble};
use crate::{Hold, RetryPolicy, Step, StepOutcome, StoreError, Wait, clock::later};

impl Driver<'_> {
    pub(super) async fn work(&mut self, at: usize) -> Result<Flow, StoreError> {
        let step = &self.view.steps[at];
        let name = step.name.clone();
        // Once the run is asked to stop, only what runs always is begun; see `next`.
        let always = !step.always.is_no();
        let polls = step.work.waiting;
        let body = match self.body(&name) {
            Ok(body) => body,
            // Another version of the console may know it: nothing is given up for it here.
            Err(error) => {
                return self
                    .try_later(at, error, &RetryPolicy::STANDARD, Trouble::Work)
                    .await;
            }
        };
        if !polls && self.is_interrupted_too_often(&step.work) {
            return self
                .try_later(at, interrupted(), &body.retry(), Trouble::Work)
                .await;
        }
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
        let limit = self.limit(at);
        let result = self.call(call, Arc::clone(&body), ctx, limit).await?;
        if cancel.is_cancelled() {
            self.note_cancel();
        }
        let done = matches!(
            result,
            Ok(StepOutcome::Done(_) | StepOutcome::Skipped { .. })
        );
        if !done && self.is_over(at) {
            return Ok(Flow::Continue);
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
        let work = &self.view.steps[at].work;
        // What is waited for goes on, whether it may be looked at or not.
        let looks = work.waiting || body.only_looks();
        let unseen = looks && error.kind == StepErrorKind::Denied;
        let may_pass = error.is_retryable() || unseen;
        if may_pass && !cancelled && policy.allows(work.failures.saturating_add(1)) {
            return self.try_later(at, error, &policy, Trouble::Work).await;
        }
        self.push(RunEventKind::StepFailed {
            step,
            error,
            will_retry: false,
        });
        Ok(Flow::Continue)
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
        let until = self.limit(at).map_or(until, |limit| until.min(limit));
        let view = &self.view.steps[at];
        let known = if undo { &view.undo } else { &view.work };
        let same = self.pending.is_empty()
            && known.waiting
            && known.failing_since.is_none()
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
}

pub(super) fn interrupted() -> StepError {
    StepError::retryable("The worker stopped each time it carried out this step")
        .with_guidance("Look into the workers' logs: the step may bring them down")
}

/// Whether two failures say the same, so that the second is no news.
pub(super) fn same_trouble(step: &StepView, undo: bool, error: &StepError) -> bool {
    let known = if undo { &step.undo } else { &step.work };
    let code = |error: &StepError| {
        let detail = error.detail.as_ref()?;
        Some((
            detail.get("operation").cloned(),
            detail.get("code").cloned(),
        ))
    };
    known.failing_since.is_some()
        && known
            .error
            .as_ref()
            .is_some_and(|known| known.kind == error.kind && code(known) == code(error))
}
