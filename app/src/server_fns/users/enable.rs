use leptos::prelude::*;

use crate::error::AppError;

/// Lets a disabled user sign in again, and shows their page.
#[server(endpoint = "users/enable", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn enable_user(
    /// Login name.
    name: String,
) -> Result<(), AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let user = tidemark_services::users::enable(&console.services, &caller, &name).await?;
    super::show(&user.name);
    Ok(())
}
