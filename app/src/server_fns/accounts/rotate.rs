use leptos::prelude::*;

use crate::{
    error::AppError,
    wire::{Form, Json},
};

/// Makes a new external id that waits for the account's role to take it, or gives one up that waits.
#[server(endpoint = "accounts/rotate", input = Form, output = Json)]
pub async fn rotate_account(
    /// Account id as typed.
    account: String,
    /// `yes` to give up the one that waits.
    #[server(default)]
    give_up: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let id = ssr::parse(tidemark_domain::AccountId::parse(&account))?;
    tidemark_services::accounts::rotate(&console.services, &caller, &id, give_up == "yes").await?;
    ssr::redirect(&format!("/accounts/{id}"));
    Ok(())
}
