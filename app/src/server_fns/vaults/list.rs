use leptos::prelude::*;
use tidemark_domain::{Page, VaultRow};

use super::VaultQuery;
use crate::{error::AppError, wire::Json};

/// A page of vaults.
#[server(endpoint = "vaults/list", input = Json, output = Json)]
pub async fn list_vaults(
    /// What the list shows.
    query: VaultQuery,
) -> Result<Page<VaultRow>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let filter = crate::ssr::parse(query.filter())?;
    Ok(tidemark_services::vaults::list(&console.services, &caller, &filter).await?)
}
