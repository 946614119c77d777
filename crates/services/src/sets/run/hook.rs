use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tidemark_domain::{
    runs::{Always, OnFailure, StepError},
    sets::{Hook, HookFill, fill},
};
use tidemark_runs::{RetryPolicy, Step, StepCtx, StepOutcome};

use super::{PAUSE, RESUME};
use crate::ports::{HookAnswer, HookCall, HookError, Hooks};

/// For how long resuming is tried.
const RESUME_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What a hook is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sets) enum What {
    /// Pauses writes.
    Pause,
    /// Says whether they are paused.
    Paused,
    /// Resumes them, whatever happens.
    Resume {
        /// For how long writes may be paused at most.
        at_most: SignedDuration,
    },
    /// Looks whether what was restored is as it should be: which look, of how many.
    Verify {
        /// Which, from 1.
        nth: usize,
        /// Of how many.
        of: usize,
    },
    /// Has the application use what was restored.
    Switch,
}

/// When a hook of a restore is carried out, and what it is told.
pub(in crate::sets) trait Gate: Send + Sync {
    /// Why it is not carried out; none when it is.
    fn closed(&self, ctx: &StepCtx) -> Result<Option<String>, StepError>;

    /// What was restored, by member.
    fn restored(&self, ctx: &StepCtx) -> Result<BTreeMap<String, String>, StepError>;
}

/// A step that is a request to the application.
pub(in crate::sets) struct HookStep {
    pub(in crate::sets) hooks: Arc<dyn Hooks>,
    pub(in crate::sets) name: String,
    pub(in crate::sets) set: String,
    pub(in crate::sets) hook: Hook,
    pub(in crate::sets) what: What,
    /// Of a restore: what has to be there before. The run goes on where the hook fails for good.
    pub(in crate::sets) gate: Option<Arc<dyn Gate>>,
}

#[async_trait]
impl Step for HookStep {
    fn name(&self) -> &str {
        &self.name
    }

    fn title(&self) -> String {
        match self.what {
            What::Pause => "Pause writes".to_owned(),
            What::Paused => "Wait until writes are paused".to_owned(),
            What::Resume { .. } => "Resume writes".to_owned(),
            What::Verify { of: 1, .. } => "Verify what was restored".to_owned(),
            What::Verify { nth, of } => format!("Verify what was restored, {nth} of {of}"),
            What::Switch => "Switch the application over".to_owned(),
        }
    }

    fn always(&self) -> Always {
        match self.what {
            What::Resume { .. } => Always::OnceStarted(PAUSE.to_owned()),
            _ => Always::No,
        }
    }

    fn at_most(&self) -> Option<SignedDuration> {
        match self.what {
            What::Resume { at_most } => Some(at_most),
            _ => None,
        }
    }

    fn only_looks(&self) -> bool {
        matches!(self.what, What::Paused | What::Verify { .. })
    }

    /// What was restored stays, whatever the application says.
    fn on_failure(&self) -> OnFailure {
        match (&self.gate, self.what) {
            (None, _) | (_, What::Resume { .. }) => OnFailure::Undo,
            (Some(_), _) => OnFailure::Warn,
        }
    }

    fn retry(&self) -> RetryPolicy {
        match self.what {
            // Somebody waits.
            What::Resume { .. } => RetryPolicy {
                longest_pause: SignedDuration::from_secs(30),
                alarm_after: SignedDuration::from_secs(15),
                ..RetryPolicy::STANDARD
            },
            _ => RetryPolicy::STANDARD.alarm_after(SignedDuration::from_mins(1)),
        }
    }

    fn deadline(&self) -> Option<SignedDuration> {
        // The request has one of its own; this is for what hangs besides.
        let seconds = i64::from(self.hook.deadline_seconds());
        Some(SignedDuration::from_secs(seconds + 5))
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        if let Some(gate) = &self.gate
            && let Some(why) = gate.closed(ctx)?
        {
            return Ok(StepOutcome::skipped(why));
        }
        let resumes = matches!(self.what, What::Resume { .. });
        if resumes && ctx.was_in_conflict(PAUSE) {
            return Ok(StepOutcome::skipped(
                "the application refused to pause: there is nothing to resume",
            ));
        }
        let outcome = self.ask(ctx).await;
        match outcome {
            Err(error) if resumes && ctx.failing_for() < RESUME_FOR => Err(as_may_pass(error)),
            outcome => outcome,
        }
    }
}

impl HookStep {
    async fn ask(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let values = HookFill {
            set: self.set.clone(),
            run: ctx.run_id().to_string(),
            step: self.name.clone(),
            token: ctx.token(),
            restored: match &self.gate {
                Some(gate) => gate.restored(ctx)?,
                None => BTreeMap::new(),
            },
        };
        let body = self.hook.body.as_deref().map(|body| fill(body, &values));
        let body = body
            .transpose()
            .map_err(|rule| StepError::permanent(format!("The body of the hook {rule}")))?;
        let call = HookCall {
            url: self.hook.url.clone(),
            method: self.hook.method,
            headers: self.hook.headers.clone().into_iter().collect(),
            body,
            secret: self.hook.secret.clone(),
            token: ctx.token(),
            deadline: SignedDuration::from_secs(i64::from(self.hook.deadline_seconds())),
        };
        let answer = self
            .hooks
            .call(&call)
            .await
            .map_err(|error| self.no_answer(&error))?;
        if !self.hook.expects(answer.status) {
            return Err(self.refused(&answer));
        }
        let Some(poll) = &self.hook.poll else {
            return StepOutcome::done_with(json!({"status": answer.status}));
        };
        let read: Value = serde_json::from_slice(&answer.body).map_err(|_| {
            StepError::retryable(format!(
                "{} answered no JSON, in which {} would stand",
                self.place(),
                poll.path.as_str()
            ))
        })?;
        let found = poll.path.find(&read);
        if found == Some(&poll.equals) {
            return StepOutcome::done_with(json!({"status": answer.status}));
        }
        let seen = found.map_or_else(|| "not there".to_owned(), |value| short(&value.to_string()));
        let again = SignedDuration::from_secs(i64::from(poll.every_seconds()));
        let until = ctx.now().checked_add(again).unwrap_or(ctx.now());
        let message = format!(
            "{} is {seen}, and {} is waited for",
            poll.path.as_str(),
            poll.equals
        );
        Ok(StepOutcome::wait(until, message).into())
    }

    /// The host, without what may be secret in an address.
    fn place(&self) -> &str {
        let rest = self.hook.url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or("")
    }

    fn no_answer(&self, error: &HookError) -> StepError {
        let message = format!("{}: {error}", self.place());
        match error {
            HookError::Unreachable(_) | HookError::TimedOut(_) | HookError::Answer(_) => {
                StepError::retryable(message)
            }
            HookError::NotAllowed(_) | HookError::NoSecret(..) => StepError::permanent(message),
        }
    }

    /// A status that is not expected. What a server says of itself may pass; what it says of the request will not.
    fn refused(&self, answer: &HookAnswer) -> StepError {
        let body = short(&String::from_utf8_lossy(&answer.body));
        let said = if body.trim().is_empty() {
            String::new()
        } else {
            format!(": {body}")
        };
        let message = format!("{} answered {}{said}", self.place(), answer.status);
        let may_pass = answer.status >= 500 || matches!(answer.status, 408 | 425 | 429);
        if may_pass {
            return StepError::retryable(message);
        }
        let error = if self.name == RESUME {
            StepError::permanent(message)
        } else {
            StepError::conflict(message)
        };
        error.with_guidance(
            "Look into the application: it does not take the request as the manifest has it",
        )
    }
}

/// What resuming fails for may pass, whatever it is: somebody may mend it meanwhile.
fn as_may_pass(error: StepError) -> StepError {
    let guidance = "Writes are still paused. Fix what is named here, or resume by hand: the run goes on by itself then.";
    StepError::retryable(error.message).with_guidance(guidance)
}

/// What came from outside, short enough for a log, and on one line.
fn short(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect()
}
