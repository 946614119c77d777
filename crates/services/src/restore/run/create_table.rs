use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::{RestoreSource, runs::StepError};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{identity::IDENTITY, world::World};
use crate::{
    ports::{CloudErrorKind, TableDescription, TableMade, TableRestore},
    runs::step_error,
};

pub(super) const NAME: &str = "create-table";

/// Has DynamoDB create the new table. The call takes no token, so a repeated step recognises its own
/// table: by its id, or, where the answer was lost, as what was asked for and was not there before.
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
        if let Some(table) = self.0.find_table(&target).await? {
            return self.adopt(ctx, table);
        }
        let restore = self.restore()?;
        match self.0.cloud.restore_table(&target, &restore).await {
            Ok(made) => created(&made),
            Err(error) if error.kind == CloudErrorKind::Conflict => {
                match self.0.find_table(&target).await? {
                    Some(table) => self.adopt(ctx, table),
                    // One that is being made is not seen at first, one that is being deleted not to
                    // the end: whose it is shows, or the name becomes free.
                    None => Err(StepError::retryable(format!(
                        "{error}. The table is not to be seen yet, so that it cannot be told whose it is"
                    ))),
                }
            }
            Err(error) => Err(step_error(&error)),
        }
    }

    fn can_undo(&self) -> bool {
        true
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let may_appear = !ctx.was_refused();
        self.0
            .remove_table(ctx, may_appear, |table| self.0.is_own(ctx, table))
            .await
    }
}

impl CreateTable {
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

    fn adopt(&self, ctx: &StepCtx, table: TableDescription) -> Result<StepOutcome, StepError> {
        if !self.0.is_as_asked(ctx, &table)? {
            return Err(taken(&table));
        }
        created(&TableMade {
            arn: table.arn,
            identity: table.identity,
        })
    }
}

/// The name is in use.
pub(super) fn taken(table: &TableDescription) -> StepError {
    StepError::conflict(format!(
        "a table called {} exists already",
        table.arn.name()
    ))
    .with_guidance("Start the restore again with another name; nothing was changed.")
}

fn created(made: &TableMade) -> Result<StepOutcome, StepError> {
    StepOutcome::done_with(json!({ "created": made.arn, IDENTITY: made.identity }))
}
