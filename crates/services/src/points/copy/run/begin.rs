use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{CopyPointsParams, Ports};
use crate::StoreError;

const NAME: &str = "take-up-the-list";

/// Takes up the list: what failed in a run before is tried again.
pub(super) struct Begin {
    pub(super) ports: Ports,
    pub(super) params: CopyPointsParams,
}

#[async_trait]
impl Step for Begin {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        format!("Load the list of {} recovery points", self.params.points)
    }

    async fn execute(&self, _ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let reopened = self.ports.items.reopen(self.params.list).await;
        let reopened = reopened.map_err(unavailable)?;
        StepOutcome::done_with(json!({ "tried_again": reopened }))
    }
}

/// A failure of the store may pass.
pub(super) fn unavailable(error: StoreError) -> StepError {
    StepError::retryable(format!("the list could not be read or written: {error}"))
}
