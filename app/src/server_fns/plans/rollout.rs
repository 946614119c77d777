use leptos::prelude::*;
use tidemark_domain::plan::{Rollout, RolloutRequest};

use crate::{error::AppError, wire::Json};

/// Exactly what rolling a plan out will do in each target.
#[server(name = PlanRollout, endpoint = "plans/rollout", input = Json, output = Json)]
pub async fn plan_rollout(
    /// What to roll out, and where to.
    request: RolloutRequest,
) -> Result<Rollout, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::plans::rollout(&console.services, &caller, request).await?)
}
