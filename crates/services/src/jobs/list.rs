use tidemark_domain::{Invalid, JobFilter, JobRow, Page, Privilege};

use crate::{Caller, ServiceError, Services, authorize};

/// A page of jobs, newest first. Owners see those of their resources.
pub async fn list(
    services: &Services,
    caller: &Caller,
    mut filter: JobFilter,
) -> Result<Page<JobRow>, ServiceError> {
    let grant = authorize(services, caller, Privilege::ReadCatalogue, "job.search", "").await?;
    if filter.limit.is_some_and(|n| !(1..=200).contains(&n)) {
        return Err(Invalid::new("limit", "must lie between 1 and 200").into());
    }
    let long = |text: &String| text.chars().count() > 200;
    if filter.text.as_ref().is_some_and(long) {
        return Err(Invalid::new("search text", "must have at most 200 characters").into());
    }
    filter.owner = grant.owner().map(str::to_owned);
    Ok(services.catalogue.job_rows(&filter).await?)
}
