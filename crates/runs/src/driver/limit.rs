//! What may not go on for longer than a step that always runs allows.

use jiff::Timestamp;
use tidemark_domain::runs::{RunEventKind, StepError};

use super::Driver;
use crate::next::limit;

impl Driver<'_> {
    /// Until when the step at this place may be worked on.
    pub(super) fn limit(&self, at: usize) -> Option<Timestamp> {
        limit(&self.view, at).map(|(until, _)| until)
    }

    /// Gives the step up, if the time is over for which it may be worked on.
    pub(super) fn is_over(&mut self, at: usize) -> bool {
        let Some((until, always)) = limit(&self.view, at) else {
            return false;
        };
        if self.inner.clock.now() < until {
            return false;
        }
        let minutes = always.at_most_seconds.unwrap_or(0).div_ceil(60);
        let error = StepError::permanent(format!(
            "It was not done within the {minutes} minutes after which {:?} has to run",
            always.title
        ))
        .with_guidance("See what took so long, or allow more time, then begin again");
        let step = self.view.steps[at].name.clone();
        tracing::warn!(step, %until, "The step is given up: what it holds up may not wait any longer");
        self.push(RunEventKind::StepFailed {
            step,
            error,
            will_retry: false,
        });
        true
    }
}
