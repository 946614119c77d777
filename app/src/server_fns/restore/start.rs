use leptos::prelude::*;

use crate::error::AppError;

/// Starts the restore that was shown, and shows its run.
#[server(endpoint = "restore/start", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn start_restore(
    /// The wizard's query string.
    wizard: String,
    /// Digest of the plan that was shown.
    digest: String,
    /// What had to be typed, where the restore changes something that exists.
    #[server(default)]
    confirmation: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let mut request = ssr::restore_request(&console, &caller, &wizard).await?;
    request.confirmation = Some(confirmation);
    let run =
        tidemark_services::restore::start(&console.services, &caller, request, &digest).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
