use leptos::prelude::*;
use tidemark_domain::policy::AccessPlan;

use crate::{error::AppError, wire::Json};

/// Exactly what a change of the bucket's policy would do. Nothing is changed.
#[server(endpoint = "policies/plan", input = Json, output = Json)]
pub async fn plan_access(
    /// The page's query string.
    query: String,
) -> Result<AccessPlan, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let request = crate::ssr::parse(super::AccessQuery::parse(&query).request())?;
    Ok(tidemark_services::policies::plan(&console.services, &caller, request).await?)
}
