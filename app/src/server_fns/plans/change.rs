use leptos::prelude::*;
use tidemark_domain::plan::{PlanChange, PlanDraft};

use crate::{error::AppError, wire::Json};

/// Exactly what saving a draft will do.
#[server(name = PlanPlanChange, endpoint = "plans/change", input = Json, output = Json)]
pub async fn plan_change(
    /// The draft.
    draft: PlanDraft,
) -> Result<PlanChange, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::plans::change(&console.services, &caller, draft).await?)
}
