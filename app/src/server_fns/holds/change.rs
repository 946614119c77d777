use leptos::prelude::*;

use crate::error::AppError;

/// Starts making or releasing the legal hold that was shown, and shows its run.
#[server(endpoint = "holds/change", input = crate::wire::Form)]
pub async fn change_hold(
    /// The page's query string.
    query: String,
    /// Digest of the plan that was shown.
    digest: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use tidemark_services::holds::{HoldConfirmed, start};

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let request = ssr::parse(super::HoldChangeQuery::parse(&query).request())?;
    let confirmed = HoldConfirmed { digest, reason };
    let run = start(&console.services, &caller, request, &confirmed).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
