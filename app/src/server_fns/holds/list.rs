use leptos::prelude::*;
use tidemark_domain::{Page, vaults::HoldRow};

use super::HoldQuery;
use crate::{error::AppError, wire::Json};

/// A page of legal holds.
#[server(endpoint = "holds/list", input = Json, output = Json)]
pub async fn list_holds(
    /// What the list shows.
    query: HoldQuery,
) -> Result<Page<HoldRow>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let filter = crate::ssr::parse(query.filter())?;
    Ok(tidemark_services::holds::list(&console.services, &caller, &filter).await?)
}
