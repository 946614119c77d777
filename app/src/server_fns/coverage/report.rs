use leptos::prelude::*;
use tidemark_domain::coverage::CoveragePage;

use super::CoverageQuery;
use crate::{error::AppError, wire::Json};

/// The report with a page of its rows.
#[server(endpoint = "coverage/report", input = Json, output = Json)]
pub async fn get_coverage(
    /// Which rows.
    query: CoverageQuery,
) -> Result<CoveragePage, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let filter = crate::ssr::parse(query.filter())?;
    Ok(tidemark_services::coverage::report(&console.services, &caller, &filter).await?)
}
