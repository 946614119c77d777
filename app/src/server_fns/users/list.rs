use leptos::prelude::*;
use tidemark_domain::UserSummary;

use crate::{error::AppError, wire::Json};

/// Every local user, by name.
#[server(endpoint = "users/list", input = Json, output = Json)]
pub async fn list_users() -> Result<Vec<UserSummary>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::users::list(&console.services, &caller).await?)
}
