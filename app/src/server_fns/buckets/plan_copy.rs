use leptos::prelude::*;
use tidemark_domain::buckets::CopyPlan;

use crate::{error::AppError, wire::Json};

/// Exactly what a copy of a prefix would do. Nothing is changed.
#[server(endpoint = "buckets/plan_copy", input = Json, output = Json)]
pub async fn plan_bucket_copy(
    /// The page's query string.
    query: String,
) -> Result<CopyPlan, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let request = crate::ssr::parse(super::CopyQuery::parse(&query).request())?;
    Ok(tidemark_services::buckets::plan_copy(&console.services, &caller, request).await?)
}
