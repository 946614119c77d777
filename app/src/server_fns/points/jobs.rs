use leptos::prelude::*;
use tidemark_domain::Job;

use crate::{error::AppError, wire::Json};

/// The newest jobs of a resource.
#[server(endpoint = "points/jobs", input = Json, output = Json)]
pub async fn list_jobs(
    /// ARN of the resource, as typed.
    resource: String,
) -> Result<Vec<Job>, AppError> {
    let (console, caller) = crate::ssr::console_and_caller()?;
    let arn = crate::ssr::parse(tidemark_domain::Arn::parse(&resource))?;
    Ok(tidemark_services::points::jobs(&console.services, &caller, &arn).await?)
}
