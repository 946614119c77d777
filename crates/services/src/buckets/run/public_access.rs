use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::{buckets::PublicAccess, runs::StepError};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::{World, failed, known};

/// Blocks every kind of public access.
pub(super) struct PublicAccessStep(pub(super) World);

#[async_trait]
impl Step for PublicAccessStep {
    fn name(&self) -> &'static str {
        "public-access"
    }

    fn title(&self) -> String {
        format!("Block public access to {}", self.0.bucket())
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        let settings = self.0.settings(&target).await?;
        let before = *known("block of public access", &settings.public_access)?;
        if before != PublicAccess::BLOCKED {
            self.0
                .buckets
                .block_public(&target, self.0.bucket())
                .await
                .map_err(|error| failed(&error))?;
        }
        StepOutcome::done_with(json!({ "before": before }))
    }
}
