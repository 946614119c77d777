use std::sync::Arc;

use tidemark_domain::{
    RestorePlan,
    runs::{RunId, StepError},
};
use tidemark_runs::StepCtx;

use crate::{
    ports::{AccountStore, Cloud, CloudErrorKind, TableStatus, Target},
    runs::{run_target, step_error},
};

/// What every step of a restore works with.
pub(super) struct World {
    pub(super) accounts: Arc<dyn AccountStore>,
    pub(super) cloud: Arc<dyn Cloud>,
    pub(super) plan: RestorePlan,
}

impl World {
    /// The run's credentials: nothing but the plan's session policy.
    pub(super) async fn target(&self, ctx: &StepCtx) -> Result<Target, StepError> {
        self.target_of(ctx.run_id(), &ctx.source_identity()).await
    }

    async fn target_of(&self, run: RunId, creator: &str) -> Result<Target, StepError> {
        run_target(
            self.accounts.as_ref(),
            &self.plan.account,
            &self.plan.region,
            run,
            creator,
            self.plan.session_policy.clone(),
        )
        .await
    }

    /// The new table's name.
    pub(super) fn table(&self) -> Result<&str, StepError> {
        self.plan
            .request
            .target_table
            .as_deref()
            .ok_or_else(|| StepError::permanent("the plan names no table"))
    }

    /// Whether the new table can take a change of its settings now.
    pub(super) async fn is_active(&self, target: &Target) -> Result<bool, StepError> {
        let table = self
            .cloud
            .table(target, self.table()?)
            .await
            .map_err(|e| step_error(&e))?;
        match table {
            Some(table) => Ok(table.status == TableStatus::Active),
            None => Err(StepError::conflict(
                "the new table is gone; somebody deleted it",
            )),
        }
    }

    /// A table that is being changed answers `ResourceInUse`, which passes by itself.
    pub(super) fn busy_is_retryable(error: &crate::ports::CloudError) -> StepError {
        let step = step_error(error);
        if error.kind == CloudErrorKind::Conflict {
            StepError {
                kind: tidemark_domain::runs::StepErrorKind::Retryable,
                ..step
            }
        } else {
            step
        }
    }
}
