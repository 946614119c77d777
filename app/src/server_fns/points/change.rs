use leptos::prelude::*;

use crate::error::AppError;

/// Starts the change that was shown, and shows its run.
#[server(endpoint = "points/change", input = crate::wire::Form)]
pub async fn change_points(
    /// The page's query string.
    query: String,
    /// Digest of the plan that was shown.
    digest: String,
    /// What had to be typed.
    #[server(default)]
    confirmation: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use tidemark_services::points::change::{Confirmed, start};

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let now = console.services.clock.now();
    let request = ssr::parse(super::ChangeQuery::parse(&query).request(now))?;
    let confirmed = Confirmed {
        // The same form sent twice is the same plan, and one run.
        token: query,
        digest,
        confirmation,
        reason,
    };
    let run = start(&console.services, &caller, request, &confirmed).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
