use leptos::prelude::*;
use tidemark_domain::cost::PlanFuture;

use super::PlanAddress;
use crate::{error::AppError, wire::Json};

/// What a plan will keep, what that costs and how far back it reaches.
#[server(name = PlanFutureOf, endpoint = "plans/future", input = Json, output = Json)]
pub async fn plan_future(
    /// Which.
    plan: PlanAddress,
) -> Result<PlanFuture, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let key = crate::ssr::parse(plan.key())?;
    Ok(tidemark_services::plans::future(&console.services, &caller, &key).await?)
}
