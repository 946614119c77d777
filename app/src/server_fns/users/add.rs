use leptos::prelude::*;
use tidemark_domain::NewPassword;

use crate::error::AppError;

/// Creates a user. The answer holds their password, which no page shows again.
#[server(endpoint = "users/add", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn add_user(
    /// Login name.
    name: String,
    /// The word of the role.
    role: String,
) -> Result<NewPassword, AppError> {
    use crate::ssr;
    use tidemark_services::users::{self, AddUser};
    let (console, caller) = ssr::console_and_caller()?;
    let role = ssr::parse(role.parse())?;
    Ok(users::add(&console.services, &caller, &AddUser { name, role }).await?)
}
