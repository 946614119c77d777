use leptos::prelude::*;
use tidemark_domain::plan::{Finding, PlanDraft};

use crate::{error::AppError, wire::Json};

/// Everything that is wrong or worth knowing about a draft, errors first.
#[server(endpoint = "plans/check", input = Json, output = Json)]
pub async fn check_plan(
    /// The draft.
    draft: PlanDraft,
) -> Result<Vec<Finding>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::plans::check(&console.services, &caller, &draft).await?)
}
