use leptos::prelude::*;

use crate::error::AppError;

/// Signs in and goes on to the page asked for.
#[server(endpoint = "session/sign_in", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn sign_in(
    /// Login name.
    name: String,
    /// Password.
    password: String,
    /// The page to go on to.
    #[server(default)]
    next: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let console = ssr::console()?;
    let session = ssr::session_port()?;
    let user =
        tidemark_services::session::sign_in(&console.services, &name, &password, &session.origin())
            .await
            .map_err(|error| {
                AppError::from(error).when_unauthenticated("The name or the password is not right.")
            })?;
    session.sign_in(&user).await.map_err(ssr::failed)?;
    ssr::redirect(ssr::local_or_home(&next));
    Ok(())
}
