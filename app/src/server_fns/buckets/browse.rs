use leptos::prelude::*;
use tidemark_domain::buckets::BrowsePage;

use crate::{error::AppError, wire::Json};

/// A page of what lies under a prefix of a bucket.
#[server(endpoint = "buckets/browse", input = Json, output = Json)]
pub async fn browse_bucket(
    /// The page's query string.
    query: String,
) -> Result<BrowsePage, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let request = crate::ssr::parse(super::BrowseQuery::parse(&query).request())?;
    Ok(tidemark_services::buckets::browse(&console.services, &caller, request).await?)
}
