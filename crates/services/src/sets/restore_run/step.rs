use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::Value;
use tidemark_domain::runs::{NoteLevel, OnFailure, StepError};
use tidemark_runs::{RetryPolicy, Step, StepCtx, StepOutcome};

/// A step of a single restore as one of a member's: other members go on where it fails.
pub(super) struct MemberStep {
    pub(super) name: String,
    pub(super) member: String,
    pub(super) prefix: String,
    /// As a restore by itself has it.
    pub(super) inner: Box<dyn Step>,
    /// The member's steps without which there is nothing to go on with: whole names.
    pub(super) needs: Vec<String>,
    /// The member's steps that have seen its data: whole names.
    pub(super) seen_by: Vec<String>,
}

impl MemberStep {
    fn has_failed(&self, ctx: &StepCtx) -> bool {
        self.needs.iter().any(|name| ctx.failure(name).is_some())
    }

    /// What AWS has finished stays, whatever becomes of the other members.
    fn is_finished(&self, ctx: &StepCtx) -> Result<bool, StepError> {
        for name in &self.seen_by {
            if ctx.find_output::<Value>(name)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn stays(&self, ctx: &StepCtx) -> StepOutcome {
        let text = format!("{}: what was restored is complete, and stays.", self.member);
        ctx.note(NoteLevel::Info, text);
        StepOutcome::done()
    }
}

#[async_trait]
impl Step for MemberStep {
    fn name(&self) -> &str {
        &self.name
    }

    fn title(&self) -> String {
        format!("{}: {}", self.member, self.inner.title())
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        if self.has_failed(ctx) {
            return Ok(StepOutcome::skipped(
                "the restore of this member has failed",
            ));
        }
        self.inner.execute(&ctx.of_part(&self.prefix)).await
    }

    async fn poll(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.inner.poll(&ctx.of_part(&self.prefix)).await
    }

    fn can_undo(&self) -> bool {
        self.inner.can_undo()
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        if self.is_finished(ctx)? {
            return Ok(self.stays(ctx));
        }
        self.inner.undo(&ctx.of_part(&self.prefix)).await
    }

    async fn poll_undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.inner.poll_undo(&ctx.of_part(&self.prefix)).await
    }

    fn only_looks(&self) -> bool {
        self.inner.only_looks()
    }

    fn on_failure(&self) -> OnFailure {
        OnFailure::Warn
    }

    fn retry(&self) -> RetryPolicy {
        self.inner.retry()
    }

    fn undo_retry(&self) -> RetryPolicy {
        self.inner.undo_retry()
    }

    fn deadline(&self) -> Option<SignedDuration> {
        self.inner.deadline()
    }
}
