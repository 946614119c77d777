use leptos::prelude::*;

use crate::error::AppError;

/// Forgets a user's wrong passwords, and shows their page.
#[server(endpoint = "users/unlock", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn unlock_user(
    /// Login name.
    name: String,
) -> Result<(), AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let user = tidemark_services::users::unlock(&console.services, &caller, &name).await?;
    super::show(&user.name);
    Ok(())
}
