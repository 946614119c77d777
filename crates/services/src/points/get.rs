use tidemark_domain::{Arn, Privilege, RecoveryPoint};

use crate::{Caller, ServiceError, Services, authorize, resources};

/// One recovery point.
pub async fn get(
    services: &Services,
    caller: &Caller,
    arn: &Arn,
) -> Result<RecoveryPoint, ServiceError> {
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "point.get",
        arn.as_str(),
    )
    .await?;
    let missing = || ServiceError::NotFound(format!("recovery point {arn}"));
    let point = services.catalogue.point(arn).await?.ok_or_else(missing)?;
    if grant.owner().is_some() {
        resources::find(
            services,
            caller,
            &point.resource_arn,
            Privilege::ReadCatalogue,
            "point.get",
        )
        .await
        .map_err(|_| missing())?;
    }
    Ok(point)
}
