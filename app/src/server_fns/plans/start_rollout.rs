use leptos::prelude::*;

use crate::error::AppError;

/// Rolls a plan out as it was shown, and shows the run.
#[server(endpoint = "plans/start_rollout", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn start_rollout(
    /// The request (`RolloutRequest`) as JSON.
    request: String,
    /// Digest of the rollout that was shown.
    digest: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let request = ssr::parse(ssr::json("request", &request))?;
    let services = &console.services;
    let run = tidemark_services::plans::start_rollout(services, &caller, request, &digest).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
