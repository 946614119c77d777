use async_trait::async_trait;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::World;
use crate::runs::step_error;

/// Deletes the vault. AWS refuses one that has got recovery points meanwhile.
pub(super) struct DeleteVault(pub(super) World);

#[async_trait]
impl Step for DeleteVault {
    fn name(&self) -> &'static str {
        "delete-vault"
    }

    fn title(&self) -> String {
        format!("Delete the vault {}", self.0.name())
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        if self.0.found(&target).await?.is_none() {
            return Ok(StepOutcome::done());
        }
        self.0.same_vault(&target).await?;
        let gone = self.0.vaults.delete_vault(&target, self.0.name()).await;
        gone.map_err(|error| step_error(&error))?;
        Ok(StepOutcome::done())
    }

    fn seals(&self) -> bool {
        true
    }
}
