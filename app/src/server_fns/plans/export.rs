use leptos::prelude::*;
use tidemark_domain::exchange::{ExchangeFormat, PlanExport};

use super::PlanAddress;
use crate::{error::AppError, wire::Json};

/// A plan with its selections as a file.
#[server(endpoint = "plans/export", input = Json, output = Json)]
pub async fn export_plan(
    /// Which.
    plan: PlanAddress,
    /// In which form.
    format: ExchangeFormat,
) -> Result<PlanExport, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let key = crate::ssr::parse(plan.key())?;
    Ok(tidemark_services::plans::export(&console.services, &caller, &key, format).await?)
}
