use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::{buckets::LifecycleRule, runs::StepError};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::{World, failed, known};

/// Takes from lifecycle rules what expires objects.
pub(super) struct ExpiryStep {
    pub(super) world: World,
    pub(super) rules: Vec<String>,
}

impl ExpiryStep {
    fn still(&self, rules: &[LifecycleRule]) -> Vec<String> {
        rules
            .iter()
            .filter(|rule| rule.expiration.is_some() && self.rules.contains(&rule.id))
            .map(|rule| rule.id.clone())
            .collect()
    }
}

#[async_trait]
impl Step for ExpiryStep {
    fn name(&self) -> &'static str {
        "lifecycle"
    }

    fn title(&self) -> String {
        format!("Keep the objects of {} from expiring", self.world.bucket())
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.world.target(ctx).await?;
        let settings = self.world.settings(&target).await?;
        let rules = known("lifecycle rules", &settings.lifecycle)?;
        if self.still(rules).is_empty() {
            return StepOutcome::done_with(json!({ "rules": self.rules }));
        }
        if *rules != self.world.params.shown {
            return Err(StepError::conflict(
                "the bucket's lifecycle rules have changed since they were shown; nothing was changed",
            )
            .with_guidance("Look at the bucket again, and start the change anew."));
        }
        self.world
            .buckets
            .stop_expiring(&target, self.world.bucket(), rules, &self.rules)
            .await
            .map_err(|error| failed(&error))?;
        let now = self.world.settings(&target).await?;
        let still = self.still(known("lifecycle rules", &now.lifecycle)?);
        if !still.is_empty() {
            // S3 shows a new configuration only after a moment.
            return Err(StepError::retryable(format!(
                "S3 still shows that these rules expire objects: {}",
                still.join(", ")
            )));
        }
        StepOutcome::done_with(json!({ "rules": self.rules }))
    }
}
