use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::World;
use crate::StoreError;

pub(super) const NAME: &str = "capture";

/// Has the workers read the stream from now on.
pub(super) struct CaptureOn(pub(super) World);

#[async_trait]
impl Step for CaptureOn {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        "Capture on".to_owned()
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let failed = |error: StoreError| {
            StepError::retryable(format!("the capture could not be stored: {error}"))
        };
        let capture = self.0.capture(ctx);
        let captures = &self.0.captures;
        match captures.create(&capture).await {
            Ok(()) => return StepOutcome::done_with(json!({ "capture": capture.id })),
            Err(StoreError::Conflict(_)) => {}
            Err(error) => return Err(failed(error)),
        }
        // There already: made by this step before, or by an earlier set-up of the same place.
        let known = captures.of_table(&capture.table).await.map_err(failed)?;
        let known = known
            .into_iter()
            .map(|stored| stored.capture)
            .find(|known| known.bucket == capture.bucket && known.prefix == capture.prefix)
            .ok_or_else(|| StepError::retryable("the capture was removed meanwhile"))?;
        captures
            .set_mode(&known.id, capture.mode)
            .await
            .map_err(failed)?;
        StepOutcome::done_with(json!({ "capture": known.id }))
    }
}
