use tidemark_domain::{Invalid, Page, PointFilter, Privilege, RecoveryPoint};

use crate::{Caller, ServiceError, Services, authorize, resources};

/// A page of recovery points, newest first. Owners must name one of their resources.
pub async fn list(
    services: &Services,
    caller: &Caller,
    filter: PointFilter,
) -> Result<Page<RecoveryPoint>, ServiceError> {
    let subject = filter.resource.as_ref().map_or("", |arn| arn.as_str());
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "point.list",
        subject,
    )
    .await?;
    if filter.limit.is_some_and(|n| !(1..=1000).contains(&n)) {
        return Err(Invalid::new("limit", "must lie between 1 and 1000").into());
    }
    match &filter.resource {
        Some(arn) if grant.owner().is_some() => {
            resources::find(
                services,
                caller,
                arn,
                Privilege::ReadCatalogue,
                "point.list",
            )
            .await?;
        }
        None if grant.owner().is_some() => {
            return Err(Invalid::new("resource", "must name one of your resources").into());
        }
        _ => {}
    }
    Ok(services.catalogue.points(&filter).await?)
}
