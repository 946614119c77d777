use async_trait::async_trait;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{World, changed};
use crate::{policies::same_policy, ports::Target, runs::step_error};

/// Puts the access policy, unless the vault has got another one than was shown.
pub(super) struct PutPolicy(pub(super) World);

impl PutPolicy {
    async fn now(&self, target: &Target) -> Result<Option<String>, StepError> {
        let policy = self.0.vaults.vault_policy(target, self.0.name()).await;
        policy.map_err(|error| step_error(&error))
    }

    async fn write(&self, target: &Target, policy: Option<&str>) -> Result<(), StepError> {
        let written = self
            .0
            .vaults
            .put_vault_policy(target, self.0.name(), policy)
            .await;
        written.map_err(|error| step_error(&error))
    }
}

#[async_trait]
impl Step for PutPolicy {
    fn name(&self) -> &'static str {
        "put-vault-policy"
    }

    fn title(&self) -> String {
        let name = self.0.name();
        match self.0.params.policy_after {
            Some(_) => format!("Put the access policy of the vault {name}"),
            None => format!("Delete the access policy of the vault {name}"),
        }
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let params = &self.0.params;
        let target = self.0.target(ctx).await?;
        if params.shown.is_some() {
            self.0.same_vault(&target).await?;
        }
        let now = self.now(&target).await?;
        if same_policy(now.as_deref(), params.policy_after.as_deref()) {
            return Ok(StepOutcome::done());
        }
        if !same_policy(now.as_deref(), params.policy_before.as_deref()) {
            return Err(changed(
                "The vault's access policy was changed by somebody else since it was shown.",
            ));
        }
        self.write(&target, params.policy_after.as_deref()).await?;
        Ok(StepOutcome::done())
    }

    /// What was put stays.
    fn seals(&self) -> bool {
        true
    }

    fn can_undo(&self) -> bool {
        true
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let params = &self.0.params;
        let target = self.0.target(ctx).await?;
        if self.0.found(&target).await?.is_none() {
            return Ok(StepOutcome::done());
        }
        let now = self.now(&target).await?;
        // What is neither is somebody else's by now, and stays.
        if same_policy(now.as_deref(), params.policy_after.as_deref()) {
            self.write(&target, params.policy_before.as_deref()).await?;
        }
        Ok(StepOutcome::done())
    }
}
