use leptos::prelude::*;

use crate::error::AppError;

/// Runs a rule now, as it was shown, and shows the run.
#[server(endpoint = "plans/run_now", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn run_plan_now(
    /// Account id.
    account: String,
    /// Region.
    region: String,
    /// Id of the plan.
    id: String,
    /// Name of the rule.
    rule: String,
    /// Digest of what was shown.
    digest: String,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), AppError> {
    use crate::ssr;
    use tidemark_services::plans;
    let (console, caller) = ssr::console_and_caller()?;
    let address = super::PlanAddress {
        account,
        region,
        id,
    };
    let key = ssr::parse(address.key())?;
    let services = &console.services;
    let run = plans::run_now(services, &caller, &key, &rule, &digest, reason.trim()).await?;
    ssr::redirect(&format!("/runs/{run}"));
    Ok(())
}
