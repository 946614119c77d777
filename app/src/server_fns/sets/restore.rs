use leptos::prelude::*;
use tidemark_domain::sets::SetRestorePlan;

use crate::{error::AppError, wire::Json};

/// Exactly what the restore of a set would do: of what the page's fields choose, or of a combination of a time.
#[server(endpoint = "sets/plan_restore", input = Json, output = Json)]
pub async fn plan_set_restore(
    /// The page's query string.
    query: String,
) -> Result<SetRestorePlan, AppError> {
    use crate::ssr;
    use tidemark_services::sets::{plan_restore, propose_restore};
    let (console, caller) = ssr::console_and_caller()?;
    let services = &console.services;
    let wish = ssr::parse(ssr::set_restore_wish(&query))?;
    let request = if let Some(request) = wish.chosen {
        request
    } else {
        let at = wish.at.unwrap_or_else(|| services.clock.now());
        propose_restore(services, &caller, &wish.name, at, wish.place).await?
    };
    Ok(plan_restore(services, &caller, request).await?)
}

/// Starts the restore of a set that was shown, and shows its run.
#[server(endpoint = "sets/restore", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn restore_set(
    /// What was shown, as JSON.
    request: String,
    /// Digest of the plan that was shown.
    digest: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use crate::ssr;
    use tidemark_domain::{Invalid, sets::SetRestoreRequest};
    let (console, caller) = ssr::console_and_caller()?;
    let request: Result<SetRestoreRequest, _> = serde_json::from_str(&request);
    let mut request = ssr::parse(
        request
            .map_err(|error| Invalid::new("request", format!("must be what was shown: {error}"))),
    )?;
    reason.trim().clone_into(&mut request.reason);
    let run =
        tidemark_services::sets::restore(&console.services, &caller, request, &digest).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
