use jiff::Timestamp;
use tidemark_domain::{JobCause, Privilege};

use crate::{Caller, ServiceError, Services, authorize};

/// So many causes are told.
const MOST: u16 = 20;

/// What failed since then, by AWS's own words, the most frequent first. Owners see what failed of their resources.
pub async fn causes(
    services: &Services,
    caller: &Caller,
    since: Timestamp,
) -> Result<Vec<JobCause>, ServiceError> {
    let grant = authorize(services, caller, Privilege::ReadCatalogue, "job.causes", "").await?;
    let owner = grant.owner();
    Ok(services.catalogue.job_causes(since, owner, MOST).await?)
}
