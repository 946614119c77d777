use leptos::prelude::*;

use crate::error::AppError;

/// Asks a run to stop and shows its page.
#[server(endpoint = "runs/cancel", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn cancel_run(
    /// The run's id.
    id: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let id = ssr::parse(ssr::run_id(&id))?;
    tidemark_services::runs::cancel(&console.services, &caller, id, reason.trim()).await?;
    ssr::redirect(&format!("/runs/{id}"));
    Ok(())
}
