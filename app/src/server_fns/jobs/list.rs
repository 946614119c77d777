use leptos::prelude::*;
use tidemark_domain::{JobRow, Page};

use super::JobQuery;
use crate::{error::AppError, wire::Json};

/// A page of jobs, newest first.
#[server(endpoint = "jobs/list", input = Json, output = Json)]
pub async fn list_jobs(
    /// What the list shows.
    query: JobQuery,
) -> Result<Page<JobRow>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let filter = crate::ssr::parse(query.filter(console.services.clock.now()))?;
    Ok(tidemark_services::jobs::list(&console.services, &caller, filter).await?)
}
