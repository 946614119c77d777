#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::unused_async,
        reason = "a server function is async, and this one has nothing to wait for"
    )
)]

use leptos::prelude::*;
use tidemark_domain::plan::PlanDraft;

use crate::error::AppError;

/// Reads plans from AWS's JSON or a CloudFormation template. Nothing is saved: each is a draft to look at.
#[server(endpoint = "plans/import", output = crate::wire::Json)]
pub async fn import_plan(
    /// Account and Region of the plan, as `account/region`.
    scope: String,
    /// The document.
    text: String,
) -> Result<Vec<PlanDraft>, AppError> {
    use crate::ssr;
    ssr::console_and_caller()?;
    ssr::parse(ssr::plan_import(&scope, &text))
}
