use leptos::prelude::*;
use tidemark_domain::exchange::PlanExport;

use super::PlanAddress;
use crate::{error::AppError, wire::Json};

/// A plan with its selections as a file.
#[server(endpoint = "plans/export", input = Json, output = Json)]
pub async fn export_plan(
    /// Which.
    plan: PlanAddress,
    /// The form, as `ExchangeFormat` names it.
    format: String,
) -> Result<PlanExport, AppError> {
    use crate::ssr;
    use tidemark_domain::{Invalid, exchange::ExchangeFormat};
    let (console, caller) = ssr::console_and_caller()?;
    let key = ssr::parse(plan.key())?;
    let format = ExchangeFormat::parse(&format).ok_or_else(|| {
        let words = ExchangeFormat::ALL.map(ExchangeFormat::as_str).join(", ");
        Invalid::new("format", format!("must be one of {words}"))
    });
    let format = ssr::parse(format)?;
    Ok(tidemark_services::plans::export(&console.services, &caller, &key, format).await?)
}
