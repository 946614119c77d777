use async_trait::async_trait;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{World, changed};
use crate::runs::step_error;

/// Removes the vault's lock, unless it is another one than was shown.
pub(super) struct UnlockVault(pub(super) World);

#[async_trait]
impl Step for UnlockVault {
    fn name(&self) -> &'static str {
        "unlock-vault"
    }

    fn title(&self) -> String {
        format!("Remove the lock of the vault {}", self.0.name())
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        let vault = self.0.same_vault(&target).await?;
        if !vault.locked {
            return Ok(StepOutcome::done());
        }
        if !self.0.lock_as_shown(&vault) {
            return Err(changed(
                "The vault's lock was changed by somebody else since it was shown.",
            ));
        }
        let removed = self
            .0
            .vaults
            .delete_vault_lock(&target, self.0.name())
            .await;
        removed.map_err(|error| step_error(&error))?;
        Ok(StepOutcome::done())
    }

    fn seals(&self) -> bool {
        true
    }
}
