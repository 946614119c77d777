use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::{
    RestoreSource,
    runs::{NoteLevel, StepError},
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::World;
use crate::{ports::RestoreStart, runs::step_error};

pub(super) const NAME: &str = "start-restore-job";

/// Has AWS Backup start a restore job. The idempotency token makes a repeated call the same job.
pub(super) struct StartJob(pub(super) World);

#[async_trait]
impl Step for StartJob {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        "Start the restore job".to_owned()
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let plan = &self.0.plan;
        let RestoreSource::RecoveryPoint { arn, .. } = &plan.request.source else {
            return Err(StepError::permanent(
                "only recovery points are restored by AWS Backup",
            ));
        };
        let mut metadata = plan.request.metadata.clone();
        if let Some(table) = &plan.request.target_table {
            metadata.insert("targetTableName".to_owned(), table.clone());
        }
        let target = self.0.target(ctx).await?;
        let job = self
            .0
            .cloud
            .start_restore(
                &target,
                &RestoreStart {
                    point: arn.clone(),
                    resource_type: plan.resource_type.clone(),
                    metadata,
                    service_role: plan.request.service_role.clone().unwrap_or_default(),
                    token: ctx.token(),
                },
            )
            .await
            .map_err(|error| step_error(&error))?;
        StepOutcome::done_with(json!({ "job": job }))
    }

    fn can_undo(&self) -> bool {
        true
    }

    async fn undo(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let makes = self.makes()?;
        if let Some(output) = ctx.find_output::<serde_json::Value>(NAME)? {
            ctx.note(
                NoteLevel::Warning,
                format!(
                    "AWS Backup offers no way to stop a restore job: {} goes on, and {makes} stays.",
                    output["job"].as_str().unwrap_or("it")
                ),
            );
        } else if !ctx.was_refused() {
            return Err(StepError::permanent(format!(
                "AWS Backup may have started the restore job, whose id was lost with the answer. If it has, the job \
                 goes on, since AWS Backup offers no way to stop one, and {makes} stays"
            ))
            .with_guidance(
                "Look in AWS Backup's restore jobs for one of this recovery point at this time, and delete what it \
                 has made if nobody needs it.",
            ));
        }
        Ok(StepOutcome::done())
    }
}

impl StartJob {
    /// What the job makes, for people.
    fn makes(&self) -> Result<String, StepError> {
        Ok(match self.0.plan.request.target_table {
            Some(_) => format!("the table {} that it makes", self.0.table_arn()?),
            None => "what it makes".to_owned(),
        })
    }
}
