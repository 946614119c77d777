use leptos::prelude::*;
use tidemark_domain::NewPassword;

use crate::error::AppError;

/// Makes a user a password for their next sign-in. The answer holds it, and no page shows it again. Every session of
/// theirs ends.
#[server(endpoint = "users/reset_password", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn reset_password(
    /// Login name.
    name: String,
) -> Result<NewPassword, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::users::reset_password(&console.services, &caller, &name).await?)
}
