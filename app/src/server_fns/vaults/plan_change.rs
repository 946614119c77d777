use leptos::prelude::*;
use tidemark_domain::vaults::VaultPlan;

use crate::{error::AppError, wire::Json};

/// Exactly what a change of a vault would do, with the rehearsal of a lock. Nothing is changed.
#[server(endpoint = "vaults/plan", input = Json, output = Json)]
pub async fn plan_vault_change(
    /// The page's query string.
    query: String,
) -> Result<VaultPlan, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let request = crate::ssr::parse(super::VaultChangeQuery::parse(&query).request())?;
    Ok(tidemark_services::vaults::plan(&console.services, &caller, request).await?)
}
