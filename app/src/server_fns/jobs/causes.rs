use leptos::prelude::*;
use tidemark_domain::JobCause;

use super::JobQuery;
use crate::{error::AppError, wire::Json};

/// What failed in the days of the list, by AWS's own words.
#[server(endpoint = "jobs/causes", input = Json, output = Json)]
pub async fn job_causes(
    /// What the list shows.
    query: JobQuery,
) -> Result<Vec<JobCause>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let filter = crate::ssr::parse(query.filter(console.services.clock.now()))?;
    let since = filter.since.unwrap_or_default();
    Ok(tidemark_services::jobs::causes(&console.services, &caller, since).await?)
}
