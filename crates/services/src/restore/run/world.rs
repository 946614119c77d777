use std::sync::Arc;

use jiff::SignedDuration;
use tidemark_domain::{
    Arn, RestorePlan,
    runs::{NoteLevel, RunId, StepError},
};
use tidemark_runs::{StepCtx, StepOutcome};

use super::identity::replaced;
use crate::{
    ports::{
        AccountStore, Captures, Cloud, CloudErrorKind, RecordsCloud, TableDescription,
        TableIdentity, TableStatus, Target,
    },
    runs::{next_look, run_target, step_error},
};

/// How long a table that was asked for may be missing before it counts as not there; `DescribeTable` may
/// lag behind.
pub(super) const APPEARS_WITHIN: SignedDuration = SignedDuration::from_mins(2);

/// What every step of a restore works with.
pub(super) struct World {
    pub(super) accounts: Arc<dyn AccountStore>,
    pub(super) cloud: Arc<dyn Cloud>,
    pub(super) records: Arc<dyn RecordsCloud>,
    pub(super) captures: Arc<dyn Captures>,
    pub(super) plan: RestorePlan,
    /// The table that a run before has made, where this one only puts settings back on it.
    pub(super) made: Option<TableIdentity>,
    /// Whether a run before has made the table.
    pub(super) only_puts_back: bool,
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

    /// The new table's ARN.
    pub(super) fn table_arn(&self) -> Result<Arn, StepError> {
        let plan = &self.plan;
        Arn::parse(format!(
            "arn:{}:dynamodb:{}:{}:table/{}",
            plan.request.resource.partition(),
            plan.region,
            plan.account,
            self.table()?
        ))
        .map_err(|error| StepError::permanent(error.to_string()))
    }

    /// The table that has the new one's name now, whosever it is.
    pub(super) async fn find_table(
        &self,
        target: &Target,
    ) -> Result<Option<TableDescription>, StepError> {
        let found = self.cloud.table(target, self.table()?).await;
        found.map_err(|error| step_error(&error))
    }

    /// Whether the new table, and no other of its name, can take a change of its settings now.
    pub(super) async fn is_active(
        &self,
        ctx: &StepCtx,
        target: &Target,
    ) -> Result<bool, StepError> {
        match self.find_table(target).await? {
            Some(table) if !self.is_own(ctx, &table)? => Err(replaced(&table)),
            Some(table) => Ok(table.status == TableStatus::Active),
            None => Err(StepError::conflict(
                "the new table is gone; somebody deleted it",
            )),
        }
    }

    /// Deletes the new table where it is this run's, and waits until it is gone. One that `may_appear`
    /// is waited for: a new table is not seen at first.
    pub(super) async fn remove_table(
        &self,
        ctx: &StepCtx,
        may_appear: bool,
        is_ours: impl Fn(&TableDescription) -> Result<bool, StepError> + Send,
    ) -> Result<StepOutcome, StepError> {
        let target = self.target(ctx).await?;
        let name = self.table()?;
        let was_seen = ctx.memo::<bool>()?.unwrap_or(false);
        let Some(table) = self.find_table(&target).await? else {
            let waited = ctx.now().duration_since(ctx.began_at());
            if !may_appear || was_seen || waited >= APPEARS_WITHIN {
                return Ok(StepOutcome::done());
            }
            let message = format!("Making sure that no table {name} appears");
            let next = next_look(ctx.now(), ctx.began_at());
            return Ok(StepOutcome::wait(next, message).into());
        };
        if !is_ours(&table)? {
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
        let wait = StepOutcome::wait(next_look(ctx.now(), ctx.began_at()), wait);
        Ok(wait.memo(true).into())
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
