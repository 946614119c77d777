use leptos::prelude::*;
use tidemark_domain::Page;

use super::{RunQuery, RunRow};
use crate::{error::AppError, wire::Json};

/// A page of runs, newest first.
#[server(endpoint = "runs/list", input = Json, output = Json)]
pub async fn list_runs(
    /// What the list shows.
    query: RunQuery,
) -> Result<Page<RunRow>, AppError> {
    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let filter = ssr::parse(ssr::run_filter(&query))?;
    let page = tidemark_services::runs::list(&console.services, &caller, &filter).await?;
    Ok(page.map(ssr::run_row))
}
