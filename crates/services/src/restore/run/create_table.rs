use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::json;
use tidemark_domain::{Arn, RestoreSource, runs::StepError};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::World;
use crate::{
    ports::{CloudErrorKind, TableDescription, TableRestore, Target},
    runs::step_error,
};

pub(super) const NAME: &str = "create-table";

/// How far AWS's clock and ours may differ when a table's time of creation is compared with the run's.
pub(super) const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(5);

/// Has DynamoDB create the new table. The call takes no token, so a repeated step recognises its own
/// table by name, source, second and time of creation.
pub(super) struct CreateTable(pub(super) World);

#[async_trait]
impl Step for CreateTable {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        match &self.0.plan.request.target_table {
            Some(table) => format!("Create table {table}"),
            None => "Create the table".to_owned(),
        }
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        if let Some(table) = self.existing(&target).await? {
            return self.adopt(ctx, &table);
        }
        let restore = self.restore()?;
        match self.0.cloud.restore_table(&target, &restore).await {
            Ok(arn) => created(&arn),
            Err(error) if error.kind == CloudErrorKind::Conflict => {
                match self.existing(&target).await? {
                    Some(table) => self.adopt(ctx, &table),
                    None => Err(step_error(&error)),
                }
            }
            Err(error) => Err(step_error(&error)),
        }
    }

    fn can_undo(&self) -> bool {
        true
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        self.0
            .remove_table(ctx, |table| self.is_ours(ctx, table))
            .await
    }
}

impl CreateTable {
    async fn existing(&self, target: &Target) -> Result<Option<TableDescription>, StepError> {
        self.0
            .cloud
            .table(target, self.0.table()?)
            .await
            .map_err(|error| step_error(&error))
    }

    fn restore(&self) -> Result<TableRestore, StepError> {
        let target = self.0.table()?.to_owned();
        match &self.0.plan.request.source {
            RestoreSource::PointInTime { at } => Ok(TableRestore::PointInTime {
                source: self.0.plan.request.resource.clone(),
                target,
                at: *at,
            }),
            RestoreSource::DynamoDbBackup { arn } => Ok(TableRestore::Backup {
                backup: arn.clone(),
                target,
            }),
            RestoreSource::RecoveryPoint { .. } | RestoreSource::Records { .. } => {
                Err(StepError::permanent("DynamoDB cannot restore this source"))
            }
        }
    }

    fn adopt(&self, ctx: &StepCtx, table: &TableDescription) -> Result<StepOutcome, StepError> {
        if self.is_ours(ctx, table) {
            created(&table.arn)
        } else {
            Err(taken(table))
        }
    }

    /// Whether it is what this run asked for: the same source and second, made since the run wrote down
    /// that it asks.
    fn is_ours(&self, ctx: &StepCtx, table: &TableDescription) -> bool {
        let same_source = match (&self.0.plan.request.source, &table.restored_from) {
            (RestoreSource::PointInTime { at }, Some((source, _, restored))) => {
                source.as_ref() == Some(&self.0.plan.request.resource)
                    && at.as_second() == restored.as_second()
            }
            (RestoreSource::DynamoDbBackup { arn }, Some((_, backup, _))) => {
                backup.as_ref() == Some(arn)
            }
            _ => false,
        };
        same_source
            && table
                .created_at
                .is_some_and(|at| at + CLOCK_SKEW >= ctx.work_began_at())
    }
}

fn taken(table: &TableDescription) -> StepError {
    StepError::conflict(format!(
        "a table called {} exists already",
        table.arn.name()
    ))
    .with_guidance("Start the restore again with another name; nothing was changed.")
}

pub(super) fn created(arn: &Arn) -> Result<StepOutcome, StepError> {
    StepOutcome::done_with(json!({ "created": arn }))
}
