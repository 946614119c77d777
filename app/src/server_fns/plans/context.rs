use leptos::prelude::*;
use tidemark_domain::plan::PlanContext;

use crate::{error::AppError, wire::Json};

/// What the editor of a plan needs around it: vaults, roles, what the checks know.
#[server(name = PlanContextOf, endpoint = "plans/context", input = Json, output = Json)]
pub async fn plan_context(
    /// Account id as typed.
    account: String,
    /// Region as typed.
    region: String,
    /// Id of the plan that is edited; empty for a new one.
    id: String,
) -> Result<PlanContext, AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let scope = tidemark_domain::Scope {
        account: ssr::parse(account.parse())?,
        region: ssr::parse(region.parse())?,
    };
    let plan = (!id.is_empty()).then_some(id.as_str());
    Ok(tidemark_services::plans::context(&console.services, &caller, &scope, plan).await?)
}
