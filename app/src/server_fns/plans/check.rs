use leptos::{prelude::*, server_fn::codec::Json};
use tidemark_domain::plan::{Finding, PlanDraft};

use crate::error::AppError;

/// Everything that is wrong or worth knowing about a draft, errors first.
#[server(endpoint = "plans/check", input = Json)]
pub async fn check_plan(
    /// The draft.
    draft: PlanDraft,
) -> Result<Vec<Finding>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::plans::check(&console.services, &caller, &draft).await?)
}
