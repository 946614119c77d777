use tidemark_domain::{Privilege, timeline::Lane};

use super::{Window, captured::add_captured};
use crate::{Caller, ServiceError, Services, resources};

/// One resource over time, aggregated to the columns of a screen.
pub async fn lane(
    services: &Services,
    caller: &Caller,
    resource: &tidemark_domain::Arn,
    window: &Window,
) -> Result<Lane, ServiceError> {
    window.check()?;
    resources::find(
        services,
        caller,
        resource,
        Privilege::ReadCatalogue,
        "timeline.lane",
    )
    .await?;
    let query = window.query(services, vec![resource.clone()]);
    let lanes = services.catalogue.lanes(&query).await?;
    let mut lane = lanes
        .into_iter()
        .next()
        .ok_or_else(|| ServiceError::NotFound(format!("resource {resource}")))?;
    add_captured(services, std::iter::once(&mut lane)).await?;
    Ok(lane)
}
