use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::{runs::StepError, vaults::LockWish};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{World, changed};
use crate::runs::step_error;

/// Sets the vault's lock, unless it has got another one than was shown.
pub(super) struct LockVault {
    pub(super) world: World,
    pub(super) wish: LockWish,
}

#[async_trait]
impl Step for LockVault {
    fn name(&self) -> &'static str {
        "lock-vault"
    }

    fn title(&self) -> String {
        format!(
            "Lock the vault {} in {} mode",
            self.world.name(),
            self.wish.mode.as_str()
        )
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.world.target(ctx).await?;
        let vault = self.world.same_vault(&target).await?;
        let set = self.wish.is_set(&vault, ctx.work_began_at(), ctx.now());
        if !set {
            if !self.world.lock_as_shown(&vault) {
                return Err(changed(
                    "The vault's lock was changed by somebody else since it was shown.",
                ));
            }
            let put = self
                .world
                .vaults
                .put_vault_lock(&target, self.world.name(), &self.wish)
                .await;
            put.map_err(|error| step_error(&error))?;
        }
        let locked = self.world.found(&target).await?;
        StepOutcome::done_with(json!({
            "mode": self.wish.mode,
            "lock_date": locked.and_then(|vault| vault.lock_date),
        }))
    }

    /// A lock that was asked for is not taken off because somebody cancels what is left.
    fn seals(&self) -> bool {
        true
    }
}
