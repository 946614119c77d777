use tidemark_domain::{
    Arn, Privilege,
    cost::{Estimate, estimate},
};

use crate::{Caller, ServiceError, Services, authorize};

/// What is stored of a resource and what that costs in a month.
pub async fn resource(
    services: &Services,
    caller: &Caller,
    arn: &Arn,
) -> Result<Estimate, ServiceError> {
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "cost.resource",
        arn.as_str(),
    )
    .await?;
    let missing = || ServiceError::NotFound(format!("resource {arn}"));
    let detail = services
        .catalogue
        .resource(arn)
        .await?
        .ok_or_else(missing)?;
    if !grant.covers(&detail.resource) {
        return Err(missing());
    }
    let parts = services.insight.stored_of(arn).await?;
    Ok(estimate(
        parts.iter().map(|part| &part.stored),
        &services.prices,
    ))
}
