use leptos::prelude::*;

use crate::error::AppError;

/// Deletes a plan as it was shown, and shows the run.
#[server(endpoint = "plans/delete", output = crate::wire::Json)]
pub async fn delete_plan(
    /// Account id.
    account: String,
    /// Region.
    region: String,
    /// Id of the plan.
    id: String,
    /// Digest of the deletion that was shown.
    digest: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let address = super::PlanAddress {
        account,
        region,
        id,
    };
    let key = ssr::parse(address.key())?;
    let services = &console.services;
    let reason = reason.trim();
    let run = tidemark_services::plans::delete(services, &caller, &key, &digest, reason).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
