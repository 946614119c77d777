//! Calling a step while its progress is written.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use tidemark_domain::runs::StepError;

use super::Driver;
use crate::{Hold, Step, StepCtx, StepOutcome, StoreError, clock::later};

/// Which of a step's functions to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Execute,
    Poll,
    Undo,
    PollUndo,
}

impl Call {
    fn of<'a>(
        self,
        step: &'a dyn Step,
        ctx: &'a StepCtx,
    ) -> BoxFuture<'a, Result<StepOutcome, StepError>> {
        match self {
            Self::Execute => step.execute(ctx),
            Self::Poll => step.poll(ctx),
            Self::Undo => step.undo(ctx),
            Self::PollUndo => step.poll_undo(ctx),
        }
    }
}

impl Driver<'_> {
    /// Calls the step, until `limit` at most. What it says meanwhile is written every so often, the rest is left pending.
    pub(super) async fn call(
        &mut self,
        call: Call,
        step: Arc<dyn Step>,
        ctx: StepCtx,
        limit: Option<Timestamp>,
    ) -> Result<Result<StepOutcome, StepError>, StoreError> {
        let inner = self.inner;
        let sink = Arc::clone(&ctx.sink);
        let left = limit.map(|limit| limit.duration_since(inner.clock.now()));
        let deadline = match (step.deadline(), left) {
            (Some(deadline), Some(left)) => Some(deadline.min(left)),
            (deadline, left) => deadline.or(left),
        };
        let mut body = AssertUnwindSafe(call.of(&*step, &ctx)).catch_unwind();
        let mut overdue = match deadline {
            Some(deadline) => inner.clock.sleep_until(later(inner.clock.now(), deadline)),
            None => futures::future::pending().boxed(),
        };
        let mut next_write = Timestamp::MIN;
        let result = loop {
            tokio::select! {
                biased;
                result = &mut body => break result.unwrap_or_else(|panic| Err(panicked(&*panic))),
                () = &mut overdue => break Err(StepError::retryable(format!(
                    "The step did not answer within {:#}", deadline.unwrap_or_default()
                ))),
                () = async {
                    sink.news.notified().await;
                    inner.clock.sleep_until(next_write).await;
                } => {
                    self.push_said(&ctx.step, sink.take());
                    self.flush(Hold::Keep, None).await?;
                    next_write = later(inner.clock.now(), inner.config.progress_interval);
                }
            }
        };
        drop(body);
        self.push_said(&ctx.step, sink.take());
        Ok(result)
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> StepError {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    tracing::error!(panic = text, "A step panicked");
    // A newer version may go on here: what AWS has under way is not undone for a defect of ours.
    StepError::retryable("The step stopped because of a defect in the console")
        .with_guidance("Report it with the run's id; the server's log has the details")
}
