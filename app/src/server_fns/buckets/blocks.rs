use leptos::prelude::*;
use tidemark_domain::buckets::blocks::BlockPage;

use crate::{error::AppError, wire::Json};

/// A folder of a bucket as backups of block storage.
#[server(endpoint = "buckets/blocks", input = Json, output = Json)]
pub async fn browse_blocks(
    /// The page's query string.
    query: String,
) -> Result<BlockPage, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let request = crate::ssr::parse(super::BrowseQuery::parse(&query).request())?;
    Ok(tidemark_services::buckets::blocks(&console.services, &caller, request).await?)
}
