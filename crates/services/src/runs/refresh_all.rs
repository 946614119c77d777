use async_trait::async_trait;
use tidemark_domain::{
    Scope,
    runs::{Always, OnFailure, StepError},
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use crate::sync::SyncQueue;

/// The last step of a run that changed several scopes bit by bit: has the catalogue read them again,
/// also when the run fails or is cancelled half-way.
pub(crate) struct RefreshAll {
    pub(crate) queue: SyncQueue,
    pub(crate) scopes: Vec<Scope>,
}

#[async_trait]
impl Step for RefreshAll {
    fn name(&self) -> &'static str {
        "refresh-catalogue"
    }

    fn title(&self) -> String {
        "Sync the inventory".to_owned()
    }

    /// The catalogue is read again anyway.
    fn on_failure(&self) -> OnFailure {
        OnFailure::Warn
    }

    async fn execute(&self, _ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        for scope in &self.scopes {
            self.queue.request(scope.clone());
        }
        Ok(StepOutcome::done())
    }

    fn always(&self) -> Always {
        Always::Yes
    }
}
