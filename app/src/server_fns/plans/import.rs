use leptos::prelude::*;
use tidemark_domain::plan::PlanDraft;

use crate::{error::AppError, wire::Json};

/// The plans of a file as drafts: AWS's JSON, or a `CloudFormation` template as JSON or YAML.
#[server(endpoint = "plans/import", input = Json, output = Json)]
pub async fn import_plans(
    /// Account id as typed.
    account: String,
    /// Region as typed.
    region: String,
    /// The text of the file.
    text: String,
) -> Result<Vec<PlanDraft>, AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let scope = tidemark_domain::Scope {
        account: ssr::parse(account.parse())?,
        region: ssr::parse(region.parse())?,
    };
    let services = &console.services;
    Ok(tidemark_services::plans::import(services, &caller, &scope, &text, Vec::new()).await?)
}
