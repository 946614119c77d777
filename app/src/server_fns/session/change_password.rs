use leptos::prelude::*;

use crate::error::AppError;

/// Changes the caller's password. Every other session of theirs ends.
#[server(endpoint = "session/change_password", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn change_password(
    /// The password so far.
    current_password: String,
    /// The new one.
    new_password: String,
    /// The new one again.
    repeated_password: String,
) -> Result<(), AppError> {
    use crate::ssr;
    use tidemark_domain::Invalid;
    let console = ssr::console()?;
    // Not `ssr::caller`: this is the one thing that is open to who must change it first.
    let caller = ssr::visitor().ok_or_else(ssr::nobody)?.caller;
    if new_password != repeated_password {
        let invalid = Invalid::new("repeated password", "must be the same as the new password");
        return Err(tidemark_services::ServiceError::from(invalid).into());
    }
    let user = tidemark_services::session::change_password(
        &console.services,
        &caller,
        &current_password,
        &new_password,
    )
    .await?;
    ssr::session_port()?
        .sign_in(&user)
        .await
        .map_err(ssr::failed)?;
    ssr::redirect("/");
    Ok(())
}
