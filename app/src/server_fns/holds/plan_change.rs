use leptos::prelude::*;
use tidemark_domain::vaults::HoldPlan;

use crate::{error::AppError, wire::Json};

/// Exactly what making or releasing a legal hold would do. Nothing is changed.
#[server(endpoint = "holds/plan", input = Json, output = Json)]
pub async fn plan_hold_change(
    /// The page's query string.
    query: String,
) -> Result<HoldPlan, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let request = crate::ssr::parse(super::HoldChangeQuery::parse(&query).request())?;
    Ok(tidemark_services::holds::plan(&console.services, &caller, request).await?)
}
