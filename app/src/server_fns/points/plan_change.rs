use leptos::prelude::*;
use tidemark_domain::change::ChangePlan;

use crate::{error::AppError, wire::Json};

/// Exactly what a change of many points would do. Nothing is changed.
#[server(endpoint = "points/plan_change", input = Json, output = Json)]
pub async fn plan_change(
    /// The page's query string.
    query: String,
) -> Result<ChangePlan, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let now = console.services.clock.now();
    let request = crate::ssr::parse(super::ChangeQuery::parse(&query).request(now))?;
    Ok(tidemark_services::points::change::plan(&console.services, &caller, request).await?)
}
