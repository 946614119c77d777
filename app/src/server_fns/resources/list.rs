use leptos::prelude::*;
use tidemark_domain::{Page, ResourceRow};

use super::ResourceQuery;
use crate::{error::AppError, wire::Json};

/// A page of resources.
#[server(endpoint = "resources/list", input = Json, output = Json)]
pub async fn list_resources(
    /// What the list shows.
    query: ResourceQuery,
) -> Result<Page<ResourceRow>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let filter = crate::ssr::parse(query.filter())?;
    Ok(tidemark_services::resources::list(&console.services, &caller, filter).await?)
}
