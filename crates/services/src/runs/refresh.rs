use async_trait::async_trait;
use tidemark_domain::{Scope, runs::StepError};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use crate::sync::SyncQueue;

/// The last step of a run that changed a scope: has the catalogue read it again.
pub(crate) struct Refresh {
    pub(crate) queue: SyncQueue,
    pub(crate) scope: Scope,
}

#[async_trait]
impl Step for Refresh {
    fn name(&self) -> &'static str {
        "refresh-catalogue"
    }

    fn title(&self) -> String {
        "Refresh the catalogue".to_owned()
    }

    async fn execute(&self, _ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.queue.request(self.scope.clone());
        Ok(StepOutcome::done())
    }
}
