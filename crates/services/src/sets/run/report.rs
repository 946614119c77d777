use async_trait::async_trait;
use serde_json::json;
use tidemark_domain::runs::StepError;
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{MemberResult, REPORT, WAIT};

impl MemberResult {
    /// Whether nothing is missing of the member.
    pub(super) fn is_well(&self) -> bool {
        matches!(self.status.as_str(), "COMPLETED" | "LEFT")
    }
}

/// Counts what became of the members. When no job was completed, the run has failed.
pub(super) struct Report;

#[async_trait]
impl Step for Report {
    fn name(&self) -> &'static str {
        REPORT
    }

    fn title(&self) -> String {
        "Sum the results up".to_owned()
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let results: Vec<MemberResult> = ctx.output(WAIT)?;
        let completed = results
            .iter()
            .filter(|one| one.status == "COMPLETED")
            .count();
        let failed: Vec<&MemberResult> = results.iter().filter(|one| !one.is_well()).collect();
        if completed == 0 {
            let first = failed.first();
            return Err(StepError::permanent(format!(
                "none of {} backup jobs was completed; that of {} ended {}: {}",
                failed.len(),
                first.map_or("", |one| one.member.as_str()),
                first.map_or("", |one| one.status.as_str()),
                first
                    .and_then(|one| one.message.as_deref())
                    .unwrap_or_default()
            ))
            .with_guidance("The message is AWS Backup's own. Fix the cause, then retry the run."));
        }
        StepOutcome::done_with(json!({
            "completed": completed,
            "failed": failed.len(),
            "results": results,
        }))
    }
}
