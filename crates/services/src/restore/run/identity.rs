//! Which table is the run's own, and which only has its name.

use jiff::SignedDuration;
use serde_json::Value;
use tidemark_domain::{RestoreSource, runs::StepError};
use tidemark_runs::StepCtx;

use super::{check_name, create_table, load_records, wait_job, wait_table, world::World};
use crate::ports::{TableDescription, TableIdentity};

/// How far AWS's clock and ours may differ when a table's time of creation is compared with the run's: only of runs
/// that began before it was on record that their table's name was free.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(5);

/// Under this name a step's output holds the identity of the table.
pub(super) const IDENTITY: &str = "identity";

impl World {
    /// What tells the new table from another of its name, as far as a step has it on record.
    pub(super) fn known(&self, ctx: &StepCtx) -> Result<Option<TableIdentity>, StepError> {
        for step in [wait_table::NAME, create_table::NAME, load_records::NAME] {
            let output: Option<Value> = ctx.find_output(step)?;
            if let Some(known) = output.as_ref().and_then(identity_in) {
                return Ok(Some(known));
            }
        }
        Ok(self.made.clone())
    }

    /// Whether a table is the one that this run had made, and not another that somebody made in its place.
    pub(super) fn is_own(
        &self,
        ctx: &StepCtx,
        table: &TableDescription,
    ) -> Result<bool, StepError> {
        let known = self.known(ctx)?.and_then(|known| known.is(&table.identity));
        match known {
            Some(own) => Ok(own),
            None => self.is_as_asked(ctx, table),
        }
    }

    /// Whether a table that nothing is on record of is what the run asked for: the same source, made since it asked.
    pub(super) fn is_as_asked(
        &self,
        ctx: &StepCtx,
        table: &TableDescription,
    ) -> Result<bool, StepError> {
        let source = table.restored_from.as_ref();
        let own = match &self.plan.request.source {
            RestoreSource::PointInTime { at } => {
                source.is_some_and(|(from, _, second)| {
                    from.as_ref() == Some(&self.plan.request.resource)
                        && at.as_second() == second.as_second()
                }) && self.is_made_since(ctx, table)?
            }
            RestoreSource::DynamoDbBackup { arn } => {
                source.is_some_and(|(_, backup, _)| backup.as_ref() == Some(arn))
                    && self.is_made_since(ctx, table)?
            }
            RestoreSource::RecoveryPoint { .. } => made_by_job(ctx, table)?,
            RestoreSource::Records { .. } => source.is_none(),
        };
        Ok(own)
    }

    /// Whether a table was made after the run was about to ask for it.
    fn is_made_since(&self, ctx: &StepCtx, table: &TableDescription) -> Result<bool, StepError> {
        if self.only_puts_back || ctx.find_output::<Value>(check_name::NAME)?.is_some() {
            return Ok(true);
        }
        let made_at = table.identity.created_at;
        Ok(made_at.is_some_and(|at| at + CLOCK_SKEW >= ctx.work_began_at()))
    }
}

/// Whether a table was there when the restore job ended: both by AWS's clock. The job holds the name until then;
/// what is made later is somebody else's.
fn made_by_job(ctx: &StepCtx, table: &TableDescription) -> Result<bool, StepError> {
    let output: Option<Value> = ctx.find_output(wait_job::NAME)?;
    let ended = output.and_then(|output| output["ended"].as_str()?.parse().ok());
    let made_at = table.identity.created_at;
    Ok(match (made_at, ended) {
        (Some(made_at), Some(ended)) => made_at <= ended,
        // AWS does not document that a table which AWS Backup restored has a `RestoreSummary`: it is asked for only
        // where there is nothing better.
        _ => table.restored_from.is_some(),
    })
}

/// The identity in a step's output.
pub(super) fn identity_in(output: &Value) -> Option<TableIdentity> {
    serde_json::from_value(output.get(IDENTITY)?.clone()).ok()
}

/// Another table has the name now.
pub(super) fn replaced(table: &TableDescription) -> StepError {
    StepError::conflict(format!(
        "{} was replaced by another of the same name: somebody deleted the restored table and made this one",
        table.arn
    ))
    .with_guidance(
        "The table that is there now is left as it is. Restore again under another name if the data is still needed.",
    )
}
