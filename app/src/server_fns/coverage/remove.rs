use leptos::prelude::*;

use crate::error::AppError;

/// Removes a control, and shows the others.
#[server(endpoint = "coverage/remove", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn remove_control(
    /// The control's id.
    id: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    tidemark_services::coverage::remove_control(&console.services, &caller, &id).await?;
    ssr::redirect("/coverage/controls");
    Ok(())
}
