use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::{buckets::Versioning, runs::StepError};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::{World, failed, known};

/// Switches versioning on.
pub(super) struct VersioningStep(pub(super) World);

#[async_trait]
impl Step for VersioningStep {
    fn name(&self) -> &'static str {
        "versioning"
    }

    fn title(&self) -> String {
        format!("Switch versioning of {} on", self.0.bucket())
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        let settings = self.0.settings(&target).await?;
        let before = *known("versioning", &settings.versioning)?;
        if before != Versioning::Enabled {
            self.0
                .buckets
                .switch_versioning_on(&target, self.0.bucket())
                .await
                .map_err(|error| failed(&error))?;
        }
        StepOutcome::done_with(json!({ "before": before }))
    }
}
