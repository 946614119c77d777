use async_trait::async_trait;
use tidemark_domain::{runs::StepError, vaults::NewVault};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{World, changed};
use crate::{ports::CloudErrorKind, runs::step_error};

/// Creates the vault.
pub(super) struct CreateVault {
    pub(super) world: World,
    pub(super) new: NewVault,
}

#[async_trait]
impl Step for CreateVault {
    fn name(&self) -> &'static str {
        "create-vault"
    }

    fn title(&self) -> String {
        format!("Create the vault {}", self.world.name())
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.world.target(ctx).await?;
        let name = self.world.name();
        let made = self
            .world
            .vaults
            .create_vault(&target, name, &self.new, &ctx.token())
            .await;
        match made {
            Ok(()) => Ok(StepOutcome::done()),
            Err(error)
                if error.kind == CloudErrorKind::Conflict
                    && self.world.found(&target).await?.is_some() =>
            {
                Err(changed(&format!(
                    "Somebody else created a vault {name} since the plan was shown."
                )))
            }
            Err(error) => Err(step_error(&error)),
        }
    }

    fn can_undo(&self) -> bool {
        true
    }

    /// Deletes what this step created, as long as it is empty.
    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.world.target(ctx).await?;
        let name = self.world.name();
        let found = self.world.vaults.vault(&target, name).await;
        let found = found.map_err(|error| step_error(&error))?;
        let ours = found.is_some_and(|found| {
            found.token.as_deref() == Some(ctx.token().as_str()) && found.vault.points == 0
        });
        if ours {
            let gone = self.world.vaults.delete_vault(&target, name).await;
            gone.map_err(|error| step_error(&error))?;
        }
        Ok(StepOutcome::done())
    }

    /// A vault without a policy of its own is all that was asked for.
    fn seals(&self) -> bool {
        self.new.policy.is_none()
    }
}
