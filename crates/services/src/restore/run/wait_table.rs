use async_trait::async_trait;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::World;
use crate::{
    ports::TableStatus,
    runs::{next_look, step_error},
};

/// Looks after which a table that does not appear counts as gone; `DescribeTable` may lag behind.
const MISSING_LOOKS: u32 = 20;

/// Waits until the new table holds its data and is active.
pub(super) struct WaitTable(pub(super) World);

#[async_trait]
impl Step for WaitTable {
    fn name(&self) -> &'static str {
        "wait-until-active"
    }

    fn title(&self) -> String {
        "Wait until the data is back".to_owned()
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        let name = self.0.table()?;
        let looks: u32 = ctx.memo()?.unwrap_or(0);
        let table = self
            .0
            .cloud
            .table(&target, name)
            .await
            .map_err(|e| step_error(&e))?;
        let message = match table {
            Some(table) if table.status == TableStatus::Active => return Ok(StepOutcome::done()),
            Some(table) => match table.status {
                TableStatus::Deleting => {
                    return Err(StepError::conflict(format!(
                        "table {name} is being deleted by somebody else"
                    )));
                }
                TableStatus::Busy(status) => format!("{name} is {status}"),
                TableStatus::Active => String::new(),
            },
            None if looks < MISSING_LOOKS => format!("{name} is not visible yet"),
            None => {
                return Err(StepError::conflict(format!(
                    "table {name} is gone; somebody deleted it"
                )));
            }
        };
        Ok(StepOutcome::wait(next_look(ctx.now(), looks), message)
            .memo(looks + 1)
            .into())
    }
}
