//! Looking at one run.

use tidemark_domain::runs::{Run, RunId, RunView};

use super::{Engine, EngineError};

impl Engine {
    /// The run's row.
    pub async fn run(&self, id: RunId) -> Result<Run, EngineError> {
        let run = self.inner.store.get(id).await?;
        run.ok_or(EngineError::NotFound(id))
    }

    /// The run with its steps, notes and errors.
    pub async fn view(&self, id: RunId) -> Result<RunView, EngineError> {
        let events = self.inner.store.events_after(id, 0, u32::MAX).await?;
        if events.is_empty() {
            return Err(EngineError::NotFound(id));
        }
        Ok(RunView::fold(&events))
    }
}
