use leptos::prelude::*;

use crate::error::AppError;

/// Starts the change that was shown, and shows its run.
#[server(endpoint = "policies/change", input = crate::wire::Form)]
pub async fn change_policy(
    /// The page's query string.
    query: String,
    /// Digest of the plan that was shown.
    digest: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use tidemark_services::policies::{PolicyConfirmed, start};

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let request = ssr::parse(super::AccessQuery::parse(&query).request())?;
    let confirmed = PolicyConfirmed { digest, reason };
    let run = start(&console.services, &caller, request, &confirmed).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
