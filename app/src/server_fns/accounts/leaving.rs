use leptos::prelude::*;
use tidemark_domain::Leaving;

use crate::{error::AppError, wire::Json};

/// What would stay behind if an account were removed.
#[server(endpoint = "accounts/leaving", input = Json, output = Json)]
pub async fn account_leaving(
    /// Account id as typed.
    account: String,
) -> Result<Leaving, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let id = crate::ssr::parse(tidemark_domain::AccountId::parse(&account))?;
    Ok(tidemark_services::accounts::leaving(&console.services, &caller, &id).await?)
}
