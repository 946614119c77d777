use leptos::prelude::*;

use crate::error::AppError;

/// Starts the undo that was shown, and shows its run.
#[server(endpoint = "records/start_undo", input = crate::wire::Form)]
pub async fn start_undo(
    /// The capture's id.
    capture: String,
    /// The plan's id.
    plan: String,
    /// Digest of the plan that was shown.
    digest: String,
    /// The table's name, typed.
    #[server(default)]
    confirmation: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use tidemark_services::records::undo::{Confirmed, start};

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let confirmed = Confirmed {
        digest,
        confirmation,
        reason,
    };
    let run = start(&console.services, &caller, &capture, &plan, &confirmed).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
