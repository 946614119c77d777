use leptos::prelude::*;

use crate::error::AppError;

/// Compares table and backup by a run, and shows the run.
#[server(endpoint = "records/prove", input = crate::wire::Form)]
pub async fn prove_capture(
    /// The capture's id.
    capture: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let run =
        tidemark_services::records::prove::start(&console.services, &caller, &capture).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
