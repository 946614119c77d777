//! What may pass is waited for: with growing pauses, said once, with an alarm when it lasts.

use tidemark_domain::runs::{Activity, RunEventKind, SleepReason, StepError, StepErrorKind};

use super::{Driver, Flow, work::same_trouble};
use crate::{Hold, RetryPolicy, StoreError, clock::later, token::seed};

/// What fails: carrying a step out, or undoing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Work,
    Undo,
}

impl Driver<'_> {
    /// Lets the run sleep until the step is tried again. A look that fails as the one before writes no event.
    pub(super) async fn try_later(
        &mut self,
        at: usize,
        error: StepError,
        policy: &RetryPolicy,
        trouble: Trouble,
    ) -> Result<Flow, StoreError> {
        let undo = trouble == Trouble::Undo;
        let view = &self.view.steps[at];
        let name = view.name.clone();
        let activity = |driver: &Self| -> Activity {
            let step = &driver.view.steps[at];
            if undo {
                step.undo.clone()
            } else {
                step.work.clone()
            }
        };
        let before = activity(self);
        let now = self.inner.clock.now();
        // A look leaves nothing begun, so that the log need not say how it ended.
        let told = before.waiting
            && self.pending.is_empty()
            && same_trouble(view, undo, &error)
            && self.view.wake_at.is_some();
        if !told {
            let (step, error) = (name.clone(), error.clone());
            self.push(if undo {
                RunEventKind::UndoFailed {
                    step,
                    error,
                    will_retry: true,
                }
            } else {
                RunEventKind::StepFailed {
                    step,
                    error,
                    will_retry: true,
                }
            });
        }
        let failing = activity(self);
        let since = failing.failing_since.unwrap_or(now);
        let alarmed = self.raise_alarm(&name, &failing, &error, policy);
        let tries = failing.failures.max(failing.attempts);
        let spread = seed(self.run.id, &name, tries ^ low_bits(now));
        let pause = policy
            .pause(since, now, spread)
            .max(self.inner.config.shortest_wait);
        let until = later(now, pause);
        let until = self.limit(at).map_or(until, |limit| until.min(limit));
        if !told || alarmed {
            let progress = self.view.steps[at].current().progress.clone();
            self.push(RunEventKind::Sleeping {
                step: name,
                until,
                reason: SleepReason::Retry,
                progress,
                memo: None,
            });
        }
        self.flush(Hold::Release, Some(until)).await?;
        Ok(Flow::Released)
    }

    /// Raises an alarm once, when the trouble has lasted; a missing permission does not pass by itself, so that one is
    /// told of at once.
    fn raise_alarm(
        &mut self,
        name: &str,
        failing: &Activity,
        error: &StepError,
        policy: &RetryPolicy,
    ) -> bool {
        let Some(since) = failing.failing_since else {
            return false;
        };
        let lasts = self.inner.clock.now().duration_since(since) >= policy.alarm_after;
        if failing.alarmed_at.is_some() || !(lasts || error.kind == StepErrorKind::Denied) {
            return false;
        }
        tracing::error!(
            step = name,
            %since,
            error = %error,
            "The run cannot go on, and has not for some time; it keeps trying"
        );
        self.push(RunEventKind::AlarmRaised {
            step: name.to_owned(),
            since,
            error: error.clone(),
        });
        true
    }

    /// Whether workers were lost so often while they did this that it may be what brings them down. It is then done at
    /// long intervals, and an alarm says so; nothing is undone for it.
    pub(super) fn is_interrupted_too_often(&self, activity: &Activity) -> bool {
        let again = activity.error.as_ref().is_some_and(|error| {
            activity.failing_since.is_some() && error.message == super::work::interrupted().message
        });
        let most = if again {
            1
        } else {
            self.inner.config.max_interruptions
        };
        activity.running && activity.interruptions.saturating_add(1) >= most
    }
}

/// Something that differs between tries which the log does not count.
fn low_bits(now: jiff::Timestamp) -> u32 {
    u32::try_from(now.as_microsecond().rem_euclid(1 << 20)).unwrap_or(0)
}
