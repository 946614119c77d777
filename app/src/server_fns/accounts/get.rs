use leptos::prelude::*;
use tidemark_domain::AccountSummary;

use crate::{error::AppError, wire::Json};

/// One account with the state of its Regions.
#[server(endpoint = "accounts/get", input = Json, output = Json)]
pub async fn get_account(
    /// Account id as typed.
    account: String,
) -> Result<AccountSummary, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let id = crate::ssr::parse(tidemark_domain::AccountId::parse(&account))?;
    Ok(tidemark_services::accounts::get(&console.services, &caller, &id).await?)
}
