use leptos::prelude::*;

use crate::error::AppError;

/// Gives a user another role, and shows their page. Every session of theirs ends.
#[server(endpoint = "users/change_role", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn change_role(
    /// Login name.
    name: String,
    /// The word of the role.
    role: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let role = ssr::parse(role.parse())?;
    let user =
        tidemark_services::users::change_role(&console.services, &caller, &name, role).await?;
    super::show(&user.name);
    Ok(())
}
