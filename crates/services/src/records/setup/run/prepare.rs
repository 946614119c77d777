use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::runs::StepError;
use tidemark_records::capture::prepare;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::World;
use crate::records::{errors::records_step_error, layout_of, open_backup::index_of};

/// Writes the index into the bucket, or finds it there.
pub(super) struct Prepare(pub(super) World);

#[async_trait]
impl Step for Prepare {
    fn name(&self) -> &'static str {
        "index"
    }

    fn title(&self) -> String {
        "Index in the bucket".to_owned()
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let access = self.0.open(ctx).await?;
        let capture = self.0.capture(ctx);
        let index = index_of(&capture, &access);
        let document = prepare(
            &index,
            access.table.as_ref(),
            layout_of(capture.layout),
            access.clock.now(),
        )
        .await
        .map_err(|error| records_step_error(&error))?;
        let stream = document.capture.map(|capture| capture.stream);
        StepOutcome::done_with(json!({ "index": index.paths().index(), "stream": stream }))
    }
}
