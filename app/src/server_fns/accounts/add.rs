use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tidemark_domain::Account;

use crate::error::AppError;

/// A newly registered account with what is shown this one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedAccount {
    /// The account, external id included.
    pub account: Account,
    /// The CloudFormation template that makes its roles.
    pub template: String,
}

/// Registers an account. The answer holds the external id, which no page shows again.
#[server(endpoint = "accounts/add", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn add_account(
    /// Account id as typed.
    account: String,
    /// Name for people.
    alias: String,
    /// ARN of the role; may be empty.
    #[server(default)]
    role: String,
    /// Regions as typed.
    regions: String,
    /// What the role is made for; empty is everything.
    #[server(default)]
    features: String,
) -> Result<AddedAccount, AppError> {
    use tidemark_services::accounts;
    let (console, caller) = crate::ssr::console_and_caller()?;
    let form = accounts::AddAccount {
        account,
        alias,
        role,
        regions,
        features,
    };
    // Before anything is stored: the account's roles could not be made.
    accounts::check_console_account(&console.account)?;
    let account = accounts::add(&console.services, &caller, &form).await?;
    let request = accounts::TemplateRequest::one(&account.connection.account);
    let template =
        accounts::template(&console.services, &caller, &request, &console.account).await?;
    Ok(AddedAccount { account, template })
}
