use leptos::prelude::*;
use tidemark_domain::plan::PlanDeletion;

use super::PlanAddress;
use crate::{error::AppError, wire::Json};

/// Exactly what deleting a plan will do.
#[server(name = PlanDeletionOf, endpoint = "plans/deletion", input = Json, output = Json)]
pub async fn plan_deletion(
    /// Which.
    plan: PlanAddress,
) -> Result<PlanDeletion, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let key = crate::ssr::parse(plan.key())?;
    Ok(tidemark_services::plans::deletion(&console.services, &caller, &key).await?)
}
