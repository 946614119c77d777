use leptos::prelude::*;
use tidemark_domain::plan::PlanImport;

use crate::error::AppError;

/// Reads plans from AWS's JSON or a `CloudFormation` template. Nothing is saved: each is a draft to look
/// at.
#[server(endpoint = "plans/import", input = crate::wire::Form, output = crate::wire::Json)]
pub async fn import_plan(
    /// Account and Region of the plan, as `account/region`.
    scope: String,
    /// The document.
    text: String,
    /// What the template's values are called that only a deployment knows; each has its value in `values`.
    #[server(default)]
    names: Vec<String>,
    /// The values, in the order of their names. One that is empty is not given.
    #[server(default)]
    values: Vec<String>,
) -> Result<PlanImport, AppError> {
    use crate::ssr;
    use tidemark_domain::{Invalid, Scope};
    let (console, caller) = ssr::console_and_caller()?;
    let (account, region) = ssr::parse(
        scope
            .split_once('/')
            .ok_or_else(|| Invalid::new("scope", "must be an account and a Region")),
    )?;
    let scope = Scope {
        account: ssr::parse(account.parse())?,
        region: ssr::parse(region.parse())?,
    };
    let services = &console.services;
    let given = names
        .into_iter()
        .zip(values)
        .filter(|(_, value)| !value.trim().is_empty())
        .collect();
    Ok(tidemark_services::plans::import(services, &caller, &scope, &text, given).await?)
}
