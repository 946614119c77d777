use leptos::prelude::*;

use crate::error::AppError;

/// Starts a run again under the same parameters and shows the new one.
#[server(endpoint = "runs/retry", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn retry_run(
    /// The run's id.
    id: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let id = ssr::parse(ssr::run_id(&id))?;
    let run = tidemark_services::runs::retry(&console.services, &caller, id).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
