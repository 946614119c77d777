use leptos::prelude::*;

use crate::error::AppError;

/// Lets a user sign in no more, and shows their page. Every session of theirs ends.
#[server(endpoint = "users/disable", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn disable_user(
    /// Login name.
    name: String,
) -> Result<(), AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let user = tidemark_services::users::disable(&console.services, &caller, &name).await?;
    super::show(&user.name);
    Ok(())
}
