//! Stopping a run.

use tidemark_domain::runs::{CancelRequest, Run, RunId};

use super::{Engine, EngineError};

impl Engine {
    /// Asks a run to stop: what it did is undone, then it is `cancelled`. Gives the run as it is
    /// now; one that has ended is left as it is.
    pub async fn cancel(&self, id: RunId, by: &str, reason: &str) -> Result<Run, EngineError> {
        let request = CancelRequest {
            by: by.to_owned(),
            reason: reason.to_owned(),
            at: self.inner.clock.now(),
        };
        let run = self.inner.store.request_cancel(id, request).await?;
        if let Some(request) = run.cancel.clone().filter(|_| run.cancel_pending()) {
            for control in self.inner.active.of_run(id) {
                control.request_cancel(request.clone());
            }
            self.wake();
        }
        Ok(run)
    }
}
