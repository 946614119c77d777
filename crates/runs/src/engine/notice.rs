//! What subscribers get.

use std::sync::Arc;

use tidemark_domain::runs::{RunEvent, RunHead, RunId};

use super::Inner;

/// Events that were just written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunNotice {
    /// The run.
    pub run: RunId,
    /// Its new events.
    pub events: Arc<[RunEvent]>,
    /// Its head after them.
    pub head: RunHead,
}

impl Inner {
    pub(crate) fn notify(&self, run: RunId, events: &[RunEvent], head: &RunHead) {
        if self.notices.receiver_count() > 0 {
            // A send fails only when the last receiver has just gone.
            let _ = self.notices.send(RunNotice {
                run,
                events: events.into(),
                head: head.clone(),
            });
        }
    }
}
