use leptos::prelude::*;
use tidemark_domain::AccountCheck;

use crate::error::AppError;

/// Tries every link of the way into an account.
#[server(endpoint = "accounts/check", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn check_account(
    /// Account id as typed.
    account: String,
) -> Result<AccountCheck, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let id = crate::ssr::parse(tidemark_domain::AccountId::parse(&account))?;
    Ok(tidemark_services::accounts::check(&console.services, &caller, &id).await?)
}
