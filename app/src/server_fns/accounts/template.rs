use leptos::prelude::*;

use crate::error::AppError;

/// The CloudFormation template that makes an account's roles.
#[server(endpoint = "accounts/template", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn account_template(
    /// Account id as typed.
    account: String,
) -> Result<String, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let id = crate::ssr::parse(tidemark_domain::AccountId::parse(&account))?;
    Ok(
        tidemark_services::accounts::template(&console.services, &caller, &id, &console.account)
            .await?,
    )
}
