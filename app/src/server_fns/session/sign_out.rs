use leptos::prelude::*;

use crate::error::AppError;

/// Ends the session.
#[server(endpoint = "session/sign_out", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::ssr;
    let console = ssr::console()?;
    if let Some(visitor) = ssr::visitor() {
        tidemark_services::session::sign_out(&console.services, &visitor.caller).await?;
    }
    ssr::session_port()?.sign_out().await.map_err(ssr::failed)?;
    ssr::redirect("/sign-in");
    Ok(())
}
