//! A step: what a run is made of.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;
use tidemark_domain::runs::{Always, OnFailure, Progress, StepError, StepPlan};

use crate::{RetryPolicy, StepCtx};

/// One step of a run. One file per step, with its parameters as fields.
///
/// **It may run more than once**: when a worker dies between an effect and the log, the step runs
/// again from its beginning. So it looks first whether its effect is there, uses a name that
/// follows from the parameters, or hands AWS [`StepCtx::token`]. The same holds for `undo`.
#[async_trait]
pub trait Step: Send + Sync + 'static {
    /// The stable name, unique in the run. It is written to logs: never rename it.
    fn name(&self) -> &str;

    /// The name for people.
    fn title(&self) -> String {
        let mut title = self.name().replace(['-', '_'], " ");
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        title
    }

    /// Does the work, or begins it and asks to be called again with [`StepOutcome::Wait`].
    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError>;

    /// Looks again, after a [`StepOutcome::Wait`]; [`StepCtx::memo`] is what the last one left.
    ///
    /// What is waited for goes on whether it can be looked at or not: an error that may pass, and a
    /// missing permission, make the run look again later and never fail it.
    async fn poll(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.execute(ctx).await
    }

    /// Whether there is an `undo`.
    fn can_undo(&self) -> bool {
        false
    }

    /// Takes the effect back. Called for each step that was ever begun, also for one that failed
    /// or of which nobody knows how far it came: there may be nothing to take back.
    async fn undo(&self, _ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        Ok(StepOutcome::done())
    }

    /// Looks again, after a [`StepOutcome::Wait`] of `undo`.
    async fn poll_undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.undo(ctx).await
    }

    /// Whether it runs even when the run fails or is cancelled; then before anything is undone.
    /// It is never undone itself.
    fn always(&self) -> Always {
        Always::No
    }

    /// Of a step that always runs once another has started ([`Always::OnceStarted`]): for how long at most the run works on
    /// what lies between the two, that other step among it, counted from its first try. What is not done by then has failed
    /// for good, and this step is next: a pause is never longer than it may be, whatever becomes of what it is for.
    fn at_most(&self) -> Option<SignedDuration> {
        None
    }

    /// Whether it has no effect outside: it only looks at what goes on there. A missing permission is
    /// then waited for from the first call on, as it is for a `poll`.
    fn only_looks(&self) -> bool {
        false
    }

    /// What its failure for good means for the run.
    fn on_failure(&self) -> OnFailure {
        OnFailure::Undo
    }

    /// Whether nothing that came before is undone any more once this is done: for the step that has
    /// seen that AWS has finished what the run was asked for.
    fn seals(&self) -> bool {
        false
    }

    /// When `execute` and `poll` are tried again.
    fn retry(&self) -> RetryPolicy {
        RetryPolicy::STANDARD
    }

    /// When `undo` and `poll_undo` are tried again.
    fn undo_retry(&self) -> RetryPolicy {
        RetryPolicy::STANDARD
    }

    /// How long one call may take; then it is dropped and counts as a failure that may pass.
    /// Steps that stream data by themselves return none.
    fn deadline(&self) -> Option<SignedDuration> {
        Some(SignedDuration::from_mins(10))
    }
}

impl dyn Step {
    /// The step as recorded with the run.
    pub(crate) fn plan(&self) -> StepPlan {
        StepPlan {
            name: self.name().to_owned(),
            title: self.title(),
            undo: self.can_undo() && self.always().is_no(),
            always: self.always(),
            on_failure: self.on_failure(),
            seals: self.seals(),
            at_most_seconds: self
                .at_most()
                .map(|at_most| u32::try_from(at_most.as_secs()).unwrap_or(u32::MAX)),
        }
    }
}

/// What came of a call of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// It is done; later steps read the output by the step's name.
    Done(Value),
    /// There was nothing to do, and it had no effect in any earlier call either.
    Skipped {
        /// Why, for people.
        why: String,
    },
    /// It goes on outside: look again later. The run sleeps and holds nothing meanwhile.
    Wait(Wait),
}

impl StepOutcome {
    /// Done, with nothing for later steps.
    pub const fn done() -> Self {
        Self::Done(Value::Null)
    }

    /// Done, with something for later steps.
    ///
    /// # Errors
    /// When `output` cannot be written as JSON, such as a map whose keys are no text.
    pub fn done_with(output: impl Serialize) -> Result<Self, StepError> {
        serde_json::to_value(output)
            .map(Self::Done)
            .map_err(|error| StepError::permanent(format!("The step's output is no JSON: {error}")))
    }

    /// There was nothing to do.
    pub fn skipped(why: impl Into<String>) -> Self {
        Self::Skipped { why: why.into() }
    }

    /// Look again at `until`.
    pub fn wait(until: Timestamp, message: impl Into<String>) -> Wait {
        Wait {
            until,
            progress: Progress {
                percent: None,
                message: message.into(),
            },
            memo: None,
        }
    }
}

/// Asks to be called again later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When.
    pub until: Timestamp,
    /// How far it has come meanwhile.
    pub progress: Progress,
    /// What to remember until then, such as a job's id.
    pub memo: Option<Value>,
}

impl Wait {
    /// Adds how far it has come, 0 to 100.
    #[must_use]
    pub fn percent(mut self, percent: u8) -> Self {
        self.progress.percent = Some(percent.min(100));
        self
    }

    /// Adds what to remember.
    #[must_use]
    pub fn memo(mut self, memo: impl Into<Value>) -> Self {
        self.memo = Some(memo.into());
        self
    }
}

impl From<Wait> for StepOutcome {
    fn from(wait: Wait) -> Self {
        Self::Wait(wait)
    }
}
