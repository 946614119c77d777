use leptos::prelude::*;
use tidemark_domain::AccountSummary;

use crate::{error::AppError, wire::Json};

/// Every account with the state of its Regions.
#[server(endpoint = "accounts/list", input = Json, output = Json)]
pub async fn list_accounts() -> Result<Vec<AccountSummary>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::accounts::list(&console.services, &caller).await?)
}
