use leptos::prelude::*;

use crate::error::AppError;

/// The template that makes the roles of an account, or of every account.
#[server(endpoint = "accounts/template", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn account_template(
    /// Account id as typed; empty is every account.
    #[server(default)]
    account: String,
    /// `cloudformation`, `terraform` or `json`; empty is the first.
    #[server(default)]
    format: String,
    /// What the roles are made for; empty is what the accounts are registered with.
    #[server(default)]
    features: String,
) -> Result<String, AppError> {
    use tidemark_domain::{AccountId, Features};
    use tidemark_services::accounts::{self, TemplateRequest};
    let (console, caller) = crate::ssr::console_and_caller()?;
    let one = Some(account.trim()).filter(|id| !id.is_empty());
    let some = Some(features.as_str()).filter(|names| !names.trim().is_empty());
    let request = TemplateRequest {
        accounts: crate::ssr::parse(one.map(AccountId::parse).transpose())?
            .into_iter()
            .collect(),
        format: crate::ssr::parse(format.parse())?,
        features: crate::ssr::parse(some.map(Features::parse).transpose())?,
    };
    Ok(accounts::template(&console.services, &caller, &request, &console.account).await?)
}
