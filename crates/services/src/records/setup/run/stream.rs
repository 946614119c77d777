use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::{World, busy_is_retryable};
use crate::{records::errors::records_step_error, runs::next_look};

/// Switches the table's stream on, with records before and after each change.
pub(super) struct StreamStep(pub(super) World);

#[async_trait]
impl Step for StreamStep {
    fn name(&self) -> &'static str {
        "stream"
    }

    fn title(&self) -> String {
        format!("Stream of table {} on", self.0.params.request.table.name())
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        let access = self.0.open(ctx).await?;
        let table = access.table.describe().await;
        let table = table.map_err(|error| records_step_error(&error.into()))?;
        let on = match table.stream {
            Some(stream) if stream.view.has_new_image() => {
                return StepOutcome::done_with(json!({ "stream": stream.arn }));
            }
            Some(stream) if !self.0.params.request.replace_stream => {
                return Err(StepError::permanent(format!(
                    "stream: that of {} is {}, which does not hold what a record became",
                    table.name,
                    stream.view.as_str()
                ))
                .with_guidance("Start the set-up again and allow the stream to be replaced."));
            }
            Some(_) => false,
            None => true,
        };
        self.0
            .records
            .put_stream(&target, &table.name, on)
            .await
            .map_err(|error| busy_is_retryable(&error))?;
        let message = if on {
            "Waiting until the stream is on"
        } else {
            "Waiting until the old stream is off"
        };
        Ok(StepOutcome::wait(next_look(ctx.now(), ctx.began_at()), message).into())
    }
}
