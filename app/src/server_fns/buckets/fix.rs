use leptos::prelude::*;

use crate::error::AppError;

/// Starts the change of settings that was shown, and shows its run.
#[server(endpoint = "buckets/fix", input = crate::wire::Form)]
pub async fn fix_bucket(
    /// The page's query string.
    query: String,
    /// Digest of the plan that was shown.
    digest: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use tidemark_services::buckets::{Confirmed, fix};

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let request = ssr::parse(super::PlaceQuery::parse(&query).request())?;
    let confirmed = Confirmed { digest, reason };
    let run = fix(&console.services, &caller, request, &confirmed).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
