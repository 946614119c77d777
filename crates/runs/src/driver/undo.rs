//! Undoing a step.

use std::sync::Arc;

use tidemark_domain::runs::{RunEventKind, StepError};
use tokio_util::sync::CancellationToken;

use super::{Driver, Flow, call::Call, trouble::Trouble, work::interrupted};
use crate::{Hold, RetryPolicy, StepOutcome, StoreError};

impl Driver<'_> {
    pub(super) async fn undo(&mut self, at: usize) -> Result<Flow, StoreError> {
        let step = &self.view.steps[at];
        let name = step.name.clone();
        let polls = step.undo.waiting;
        let body = match self.body(&name) {
            // Another version of the console may know it.
            Err(error) => {
                return self
                    .try_later(at, error, &RetryPolicy::STANDARD, Trouble::Undo)
                    .await;
            }
            Ok(body) => body,
        };
        if !polls && self.is_interrupted_too_often(&step.undo) {
            return self
                .try_later(at, interrupted(), &body.undo_retry(), Trouble::Undo)
                .await;
        }
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
        match self.call(call, Arc::clone(&body), ctx, None).await? {
            Ok(StepOutcome::Done(_) | StepOutcome::Skipped { .. }) => {
                self.push(RunEventKind::UndoSucceeded { step: name });
                Ok(Flow::Continue)
            }
            Ok(StepOutcome::Wait(wait)) => self.wait(at, name, wait, true).await,
            Err(error) => {
                let policy = body.undo_retry();
                let failures = self.view.steps[at].undo.failures.saturating_add(1);
                if error.is_retryable() && policy.allows(failures) {
                    return self.try_later(at, error, &policy, Trouble::Undo).await;
                }
                Ok(self.give_up(name, error))
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
