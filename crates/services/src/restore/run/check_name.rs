use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{create_table::taken, world::World};

pub(super) const NAME: &str = "check-the-name";

/// Sees that no table has the new one's name, and has that on record before DynamoDB is asked for one: what is seen
/// under the name afterwards was made since, whatever the clocks of AWS and of this machine say.
pub(super) struct CheckName(pub(super) World);

#[async_trait]
impl Step for CheckName {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        "Check that the name is free".to_owned()
    }

    fn only_looks(&self) -> bool {
        true
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.0.target(ctx).await?;
        match self.0.find_table(&target).await? {
            Some(table) => Err(taken(&table)),
            None => StepOutcome::done_with(json!({ "free": true })),
        }
    }
}
