use leptos::prelude::*;
use tidemark_domain::copies::CopyPlan;

use crate::{error::AppError, wire::Json};

/// Exactly which copies would be made, and what stands in their way. Nothing is started.
#[server(endpoint = "points/plan_copy", input = Json, output = Json)]
pub async fn plan_points_copy(
    /// The page's query string.
    query: String,
) -> Result<CopyPlan, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let now = console.services.clock.now();
    let request = crate::ssr::parse(super::PointsCopyQuery::parse(&query).request(now))?;
    Ok(tidemark_services::points::copy::plan(&console.services, &caller, request).await?)
}
