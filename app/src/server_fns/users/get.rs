use leptos::prelude::*;
use tidemark_domain::UserSummary;

use crate::{error::AppError, wire::Json};

/// One local user.
#[server(endpoint = "users/get", input = Json, output = Json)]
pub async fn get_user(
    /// Login name.
    name: String,
) -> Result<UserSummary, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::users::get(&console.services, &caller, &name).await?)
}
