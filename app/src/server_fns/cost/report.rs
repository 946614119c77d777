use leptos::prelude::*;
use tidemark_domain::cost::CostReport;

use crate::{error::AppError, wire::Json};

/// What is stored and what that costs in a month.
#[server(endpoint = "cost/report", input = Json, output = Json)]
pub async fn get_cost_report() -> Result<CostReport, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    Ok(tidemark_services::cost::report(&console.services, &caller).await?)
}
