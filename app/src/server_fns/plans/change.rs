use leptos::{prelude::*, server_fn::codec::Json};
use tidemark_domain::plan::{PlanChange, PlanDraft};

use crate::error::AppError;

/// Exactly what saving a draft will do.
#[server(name = PlanPlanChange, endpoint = "plans/change", input = Json)]
pub async fn plan_change(
    /// The draft.
    draft: PlanDraft,
) -> Result<PlanChange, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::plans::change(&console.services, &caller, draft).await?)
}
