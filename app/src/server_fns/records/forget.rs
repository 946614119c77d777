use leptos::prelude::*;

use crate::error::AppError;

/// Forgets a capture that is off. Nothing in the bucket goes.
#[server(endpoint = "records/forget", input = crate::wire::Form)]
pub async fn forget_capture(
    /// The capture's id.
    capture: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    tidemark_services::records::remove(&console.services, &caller, &capture).await?;
    ssr::redirect("/records");
    Ok(())
}
