use leptos::prelude::*;

use crate::error::AppError;

/// Deletes a plan as it was shown, and shows the run. The plan's name must be typed.
#[server(endpoint = "plans/delete", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn delete_plan(
    /// Account id.
    account: String,
    /// Region.
    region: String,
    /// Id of the plan.
    id: String,
    /// Digest of the deletion that was shown.
    digest: String,
    /// The plan's name, typed.
    #[server(default)]
    confirmation: String,
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
    // Asks for the right to delete first.
    let name = tidemark_services::plans::deletion(services, &caller, &key)
        .await?
        .plan
        .plan
        .backup_plan_name;
    if confirmation.trim() != name {
        let wrong = tidemark_domain::Invalid::new("confirmation", "must be the plan's name");
        return ssr::parse(Err(wrong));
    }
    let reason = reason.trim();
    let run = tidemark_services::plans::delete(services, &caller, &key, &digest, reason).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
