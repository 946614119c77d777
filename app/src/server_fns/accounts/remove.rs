use leptos::prelude::*;

use crate::error::AppError;

/// Forgets an account. Nothing in AWS changes. The id must be typed again.
#[server(endpoint = "accounts/remove", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn remove_account(
    /// Account id.
    account: String,
    /// The id again, typed.
    #[server(default)]
    confirmation: String,
) -> Result<(), AppError> {
    use crate::ssr;
    use tidemark_domain::{AccountId, Invalid};
    let (console, caller) = ssr::console_and_caller()?;
    let id = ssr::parse(AccountId::parse(&account))?;
    if confirmation.trim() != id.as_str() {
        return ssr::parse(Err(Invalid::new("confirmation", "must be the account id")));
    }
    tidemark_services::accounts::remove(&console.services, &caller, &id).await?;
    ssr::redirect("/accounts");
    Ok(())
}
