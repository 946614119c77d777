use leptos::prelude::*;
use tidemark_domain::plan::PlanDetail;

use super::PlanAddress;
use crate::{error::AppError, wire::Json};

/// One plan.
#[server(endpoint = "plans/get", input = Json, output = Json)]
pub async fn get_plan(
    /// Which.
    plan: PlanAddress,
) -> Result<PlanDetail, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let key = crate::ssr::parse(plan.key())?;
    Ok(tidemark_services::plans::get(&console.services, &caller, &key).await?)
}
