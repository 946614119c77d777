use leptos::prelude::*;
use tidemark_domain::{plan::PlanDraft, selection::DryRunCounts};

use crate::{error::AppError, wire::Json};

/// What a draft would take: the counts.
#[server(name = DryRunPlanDraft, endpoint = "plans/dry_run", input = Json, output = Json)]
pub async fn dry_run_plan(
    /// The draft.
    draft: PlanDraft,
) -> Result<DryRunCounts, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::plans::dry_run(&console.services, &caller, &draft).await?)
}
