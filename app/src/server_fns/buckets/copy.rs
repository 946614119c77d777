use leptos::prelude::*;

use crate::error::AppError;

/// Starts the copy that was shown, and shows its run.
#[server(endpoint = "buckets/copy", input = crate::wire::Form)]
pub async fn copy_prefix(
    /// The page's query string.
    query: String,
    /// Digest of the plan that was shown.
    digest: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use tidemark_services::buckets::{Confirmed, copy};

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let request = ssr::parse(super::CopyQuery::parse(&query).request())?;
    let confirmed = Confirmed { digest, reason };
    let run = copy(&console.services, &caller, request, &confirmed).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
