use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::{
    RestorePlan,
    runs::{NoteLevel, StepError},
};
use tidemark_records::ports::{PortErrorKind, ScanRequest};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use crate::{
    records::records_step_error,
    restore::RestorePorts,
    runs::{run_target, step_error},
};

pub(super) const NAME: &str = "look-inside";

/// Looks whether a restored table holds anything. DynamoDB counts a table's items every six hours or so: where it counts
/// none, one is asked for.
pub(super) struct LookInside {
    pub(super) ports: RestorePorts,
    pub(super) plan: RestorePlan,
    pub(super) table: String,
}

#[async_trait]
impl Step for LookInside {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        "Look whether it holds data".to_owned()
    }

    fn only_looks(&self) -> bool {
        true
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let plan = &self.plan;
        let target = run_target(
            self.ports.accounts.as_ref(),
            &plan.account,
            &plan.region,
            ctx.run_id(),
            &ctx.source_identity(),
            plan.session_policy.clone(),
        )
        .await?;
        let found = self.ports.cloud.table(&target, &self.table).await;
        let table = found
            .map_err(|error| step_error(&error))?
            .ok_or_else(|| StepError::conflict("the new table is gone; somebody deleted it"))?;
        if table.items > 0 {
            return StepOutcome::done_with(json!({"empty": false, "items": table.items}));
        }
        // No bucket has a part in it.
        let access = self.ports.records.open(&target, &self.table, "").await;
        let access = access.map_err(|error| step_error(&error))?;
        let first = ScanRequest {
            segment: 0,
            total_segments: 1,
            start: None,
            limit: Some(1),
            consistent: true,
        };
        match access.table.scan(&first).await {
            Ok(page) => StepOutcome::done_with(json!({"empty": page.items.is_empty()})),
            // The restore is complete, and nothing says that it is empty.
            Err(error) if error.kind == PortErrorKind::Denied => {
                let text = format!(
                    "Whether {} holds data could not be read: {error}",
                    self.table
                );
                ctx.note(NoteLevel::Warning, text);
                StepOutcome::done_with(json!({"empty": false, "unread": true}))
            }
            Err(error) => Err(records_step_error(&error.into())),
        }
    }
}
