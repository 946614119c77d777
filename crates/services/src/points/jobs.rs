use tidemark_domain::{Arn, Job, Privilege};

use crate::{Caller, ServiceError, Services, resources};

/// The newest backup, copy and restore jobs of a resource.
pub async fn jobs(
    services: &Services,
    caller: &Caller,
    resource: &Arn,
) -> Result<Vec<Job>, ServiceError> {
    resources::find(
        services,
        caller,
        resource,
        Privilege::ReadCatalogue,
        "job.list",
    )
    .await?;
    Ok(services.catalogue.jobs(resource, 20).await?)
}
