use leptos::prelude::*;

use crate::error::AppError;

/// Asks for a re-sync of an account and shows its page.
#[server(endpoint = "accounts/refresh", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn refresh_account(
    /// Account id as typed.
    account: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let id = ssr::parse(tidemark_domain::AccountId::parse(&account))?;
    tidemark_services::accounts::refresh(&console.services, &caller, &id).await?;
    ssr::redirect(&format!("/accounts/{id}"));
    Ok(())
}
