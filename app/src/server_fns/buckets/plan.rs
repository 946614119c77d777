use leptos::prelude::*;
use tidemark_domain::buckets::SettingsPlan;

use crate::{error::AppError, wire::Json};

/// Exactly what a change of a bucket's settings would do. Nothing is changed.
#[server(endpoint = "buckets/plan", input = Json, output = Json)]
pub async fn plan_bucket_fix(
    /// The page's query string.
    query: String,
) -> Result<SettingsPlan, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let request = crate::ssr::parse(super::PlaceQuery::parse(&query).request())?;
    Ok(tidemark_services::buckets::plan(&console.services, &caller, request).await?)
}
