use leptos::prelude::*;

use crate::error::AppError;

/// Starts the copies that were shown, and shows their run.
#[server(endpoint = "points/copy", input = crate::wire::Form)]
pub async fn copy_points(
    /// The page's query string.
    query: String,
    /// Digest of the plan that was shown.
    digest: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use tidemark_services::points::copy::{CopyConfirmed, start};

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let now = console.services.clock.now();
    let request = ssr::parse(super::PointsCopyQuery::parse(&query).request(now))?;
    let confirmed = CopyConfirmed {
        // The same form sent twice is the same plan, and one run.
        token: query,
        digest,
        reason,
    };
    let run = start(&console.services, &caller, request, &confirmed).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
