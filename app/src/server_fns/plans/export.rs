use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::PlanAddress;
use crate::{error::AppError, wire::Json};

/// A plan in the form of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanExport {
    /// The plan's name.
    pub name: String,
    /// The document.
    pub text: String,
    /// Paths of fields that have no place in it.
    pub lost: Vec<String>,
}

/// A plan with its selections as `json`, `cloudformation`, `cloudformation-yaml` or `terraform`.
#[server(endpoint = "plans/export", input = Json, output = Json)]
pub async fn export_plan(
    /// Which.
    plan: PlanAddress,
    /// The form.
    format: String,
) -> Result<PlanExport, AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let key = ssr::parse(plan.key())?;
    let detail = tidemark_services::plans::get(&console.services, &caller, &key).await?;
    ssr::parse(ssr::plan_export(detail.record, &format))
}
