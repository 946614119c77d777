use async_trait::async_trait;
use tidemark_domain::{
    Scope,
    runs::{OnFailure, StepError},
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use crate::sync::SyncQueue;

/// The last step of a run that changed a scope: has the catalogue read it again.
pub(crate) struct Refresh {
    name: String,
    queue: SyncQueue,
    scope: Scope,
}

impl Refresh {
    /// Of the one scope of a run.
    pub(crate) fn of(queue: SyncQueue, scope: Scope) -> Self {
        Self {
            name: "refresh-catalogue".to_owned(),
            queue,
            scope,
        }
    }

    /// Of one of several scopes.
    pub(crate) fn of_many(queue: SyncQueue, scope: Scope) -> Self {
        Self {
            name: format!("refresh-{}-{}", scope.account, scope.region),
            queue,
            scope,
        }
    }
}

#[async_trait]
impl Step for Refresh {
    fn name(&self) -> &str {
        &self.name
    }

    fn title(&self) -> String {
        "Sync the inventory".to_owned()
    }

    /// The catalogue is read again anyway.
    fn on_failure(&self) -> OnFailure {
        OnFailure::Warn
    }

    async fn execute(&self, _ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.queue.request(self.scope.clone());
        Ok(StepOutcome::done())
    }
}
