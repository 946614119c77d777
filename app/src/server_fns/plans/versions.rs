use leptos::prelude::*;
use tidemark_domain::plan::PlanVersion;

use super::PlanAddress;
use crate::{error::AppError, wire::Json};

/// The versions of a plan, newest first.
#[server(name = PlanVersionsOf, endpoint = "plans/versions", input = Json, output = Json)]
pub async fn plan_versions(
    /// Which.
    plan: PlanAddress,
) -> Result<Vec<PlanVersion>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let key = crate::ssr::parse(plan.key())?;
    Ok(tidemark_services::plans::versions(&console.services, &caller, &key).await?)
}
