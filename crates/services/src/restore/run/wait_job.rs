use async_trait::async_trait;
use serde_json::{Value, json};
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{start_job, world::World};
use crate::runs::{next_look, percent, step_error};

pub(super) const NAME: &str = "wait-for-restore-job";

/// Waits until AWS Backup's restore job has ended.
pub(super) struct WaitJob(pub(super) World);

#[async_trait]
impl Step for WaitJob {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        "Wait for AWS Backup".to_owned()
    }

    fn only_looks(&self) -> bool {
        true
    }

    /// What the job has made stays, whatever comes after.
    fn seals(&self) -> bool {
        true
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let output: Value = ctx.output(start_job::NAME)?;
        let job = output["job"]
            .as_str()
            .ok_or_else(|| StepError::permanent("the restore job's id is missing"))?;
        let target = self.0.target(ctx).await?;
        let state = self
            .0
            .cloud
            .restore_job(&target, job)
            .await
            .map_err(|e| step_error(&e))?;
        let message = state.message.unwrap_or_default();
        match state.status.as_str() {
            "COMPLETED" => StepOutcome::done_with(json!({
                "job": job, "created": state.created, "ended": state.completed_at,
            })),
            "FAILED" | "ABORTED" => Err(StepError::permanent(format!(
                "restore job {job} {}: {message}",
                state.status.to_lowercase()
            ))
            .with_guidance("The message is AWS Backup's own. Fix the cause, then retry the run.")),
            status => {
                let mut wait = StepOutcome::wait(
                    next_look(ctx.now(), ctx.began_at()),
                    format!("Restore job {job} is {status}"),
                );
                if let Some(done) = percent(state.percent) {
                    wait = wait.percent(done);
                }
                Ok(wait.into())
            }
        }
    }
}
