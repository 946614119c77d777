use leptos::prelude::*;
use tidemark_domain::{Page, plan::PlanRow};

use super::PlanQuery;
use crate::{error::AppError, wire::Json};

/// A page of plans across accounts.
#[server(endpoint = "plans/list", input = Json, output = Json)]
pub async fn list_plans(
    /// What the list shows.
    query: PlanQuery,
) -> Result<Page<PlanRow>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let filter = crate::ssr::parse(query.filter())?;
    Ok(tidemark_services::plans::list(&console.services, &caller, &filter).await?)
}
