use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{CopyPointsParams, Ports, begin::unavailable, sums::Sums};

pub(super) const NAME: &str = "sum-up";

/// Counts what became of the points. When none was copied, the run has failed; it is begun again to try just those that
/// failed.
pub(super) struct SumUp {
    pub(super) ports: Ports,
    pub(super) params: CopyPointsParams,
}

#[async_trait]
impl Step for SumUp {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        "Count the results".to_owned()
    }

    async fn execute(&self, _ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let counts = self.ports.items.counts(self.params.list).await;
        let sums = Sums::of(&counts.map_err(unavailable)?);
        if sums.failed > 0 && sums.done == 0 {
            return Err(StepError::permanent(format!(
                "none of {} recovery points could be copied; each says why in the results",
                self.params.points
            ))
            .with_guidance(
                "Fix the cause, then run it again: it goes on with just those that failed.",
            )
            .with_detail(json!(sums)));
        }
        StepOutcome::done_with(sums)
    }
}
