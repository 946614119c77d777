use std::sync::Arc;

use tidemark_domain::{
    RestorePlan,
    runs::{NoteLevel, RunId, StepError},
};
use tidemark_runs::{StepCtx, StepOutcome};

use crate::{
    ports::{
        AccountStore, Captures, Cloud, CloudErrorKind, RecordsCloud, TableDescription, TableStatus,
        Target,
    },
    runs::{next_look, run_target, step_error},
};

/// What every step of a restore works with.
pub(super) struct World {
    pub(super) accounts: Arc<dyn AccountStore>,
    pub(super) cloud: Arc<dyn Cloud>,
    pub(super) records: Arc<dyn RecordsCloud>,
    pub(super) captures: Arc<dyn Captures>,
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

    /// Deletes the new table where it is this run's, and waits until it is gone.
    pub(super) async fn remove_table(
        &self,
        ctx: &StepCtx,
        is_ours: impl Fn(&TableDescription) -> bool + Send,
    ) -> Result<StepOutcome, StepError> {
        let target = self.target(ctx).await?;
        let name = self.table()?;
        let found = self.cloud.table(&target, name).await;
        let Some(table) = found.map_err(|error| step_error(&error))? else {
            return Ok(StepOutcome::done());
        };
        if !is_ours(&table) {
            ctx.note(
                NoteLevel::Warning,
                format!("{} was not made by this run and stays.", table.arn),
            );
            return Ok(StepOutcome::done());
        }
        let wait = match table.status {
            TableStatus::Deleting => "Waiting until the table is gone".to_owned(),
            // DynamoDB refuses to delete a table that is still being restored.
            TableStatus::Busy(status) => {
                format!("Waiting until the table can be deleted: it is {status}")
            }
            TableStatus::Active => {
                let deleted = self.cloud.delete_table(&target, name).await;
                deleted.map_err(|error| Self::busy_is_retryable(&error))?;
                "Deleting the table".to_owned()
            }
        };
        Ok(StepOutcome::wait(next_look(ctx.now(), ctx.began_at()), wait).into())
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
