//! Undoing a step.

use std::sync::Arc;

use tidemark_domain::runs::{RunEventKind, StepError};
use tokio_util::sync::CancellationToken;

use super::{Driver, Flow, call::Call, work::interrupted};
use crate::{Hold, StepOutcome, StoreError, token::seed};

impl Driver<'_> {
    pub(super) async fn undo(&mut self, at: usize) -> Result<Flow, StoreError> {
        let step = &self.view.steps[at];
        let name = step.name.clone();
        let polls = step.undo.waiting;
        let interruptions = step.undo.interruptions.saturating_add(1);
        let too_often =
            !polls && step.undo.running && interruptions >= self.inner.config.max_interruptions;
        let body = match self.body(&name) {
            Ok(_) if too_often => return Ok(self.give_up(name, interrupted())),
            Err(error) => return Ok(self.give_up(name, error)),
            Ok(body) => body,
        };
        if !polls {
            let attempt = step.undo.attempts.saturating_add(1);
            self.push(RunEventKind::UndoStarted {
                step: name.clone(),
                attempt,
            });
        }
        self.flush(Hold::Keep, None).await?;
        let step = &self.view.steps[at];
        let ctx = self.ctx(step, &step.undo, CancellationToken::new());
        let call = if polls { Call::PollUndo } else { Call::Undo };
        match self.call(call, Arc::clone(&body), ctx).await? {
            Ok(StepOutcome::Done(_) | StepOutcome::Skipped { .. }) => {
                self.push(RunEventKind::UndoSucceeded { step: name });
                Ok(Flow::Continue)
            }
            Ok(StepOutcome::Wait(wait)) => self.wait(at, name, wait, true).await,
            Err(error) => {
                let policy = body.undo_retry();
                let failures = self.view.steps[at].undo.failures.saturating_add(1);
                if !error.is_retryable() || failures >= policy.max_attempts {
                    return Ok(self.give_up(name, error));
                }
                self.push(RunEventKind::UndoFailed {
                    step: name.clone(),
                    error,
                    will_retry: true,
                });
                let pause = policy.pause(failures, seed(self.run.id, &name, failures));
                self.sleep_before_retry(at, name, pause).await
            }
        }
    }

    fn give_up(&mut self, step: String, error: StepError) -> Flow {
        self.push(RunEventKind::UndoFailed {
            step,
            error,
            will_retry: false,
        });
        Flow::Continue
    }
}
