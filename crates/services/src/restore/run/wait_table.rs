use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::World;
use crate::{
    ports::TableStatus,
    runs::{next_look, step_error},
};

/// How long a table that does not appear may be missing before it counts as gone; `DescribeTable` may
/// lag behind.
const MISSING: SignedDuration = SignedDuration::from_mins(2);

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

    fn only_looks(&self) -> bool {
        true
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        let name = self.0.table()?;
        let missing_since: Option<Timestamp> = ctx.memo()?;
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
            None => {
                let since = missing_since.unwrap_or_else(|| ctx.now());
                if ctx.now().duration_since(since) >= MISSING {
                    return Err(StepError::conflict(format!(
                        "table {name} is gone; somebody deleted it"
                    )));
                }
                let message = format!("{name} is not visible yet");
                let wait = StepOutcome::wait(next_look(ctx.now(), since), message);
                return Ok(wait.memo(since.to_string()).into());
            }
        };
        Ok(StepOutcome::wait(next_look(ctx.now(), ctx.began_at()), message).into())
    }

    /// The data is back: whatever comes after, it stays.
    fn seals(&self) -> bool {
        true
    }
}
