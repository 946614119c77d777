use tidemark_domain::{Arn, Privilege, Protection, ResourceDetail, ResourceType};

use crate::{Caller, ServiceError, Services, authorize};

/// One resource.
pub async fn get(
    services: &Services,
    caller: &Caller,
    arn: &Arn,
) -> Result<ResourceDetail, ServiceError> {
    let mut detail = find(
        services,
        caller,
        arn,
        Privilege::ReadCatalogue,
        "resource.get",
    )
    .await?;
    if detail.resource.resource_type == ResourceType::DynamoDb {
        let captures = services.captures.of_table(arn).await?;
        let windows = captures.iter().flat_map(|stored| stored.status.windows());
        detail.records = windows.collect();
        detail
            .records
            .sort_by_key(|window| (window.earliest, window.latest));
        // The catalogue knows AWS's own backups only.
        if !detail.records.is_empty() && detail.protection == Protection::Unprotected {
            detail.protection = Protection::Protected;
        }
    }
    Ok(detail)
}

/// The resource, if the caller may use the privilege on it. What a caller may not read does not
/// exist for them; what they may read but not act on is refused and audited.
pub(crate) async fn find(
    services: &Services,
    caller: &Caller,
    arn: &Arn,
    privilege: Privilege,
    action: &str,
) -> Result<ResourceDetail, ServiceError> {
    let grant = authorize(services, caller, privilege, action, arn.as_str()).await?;
    services
        .catalogue
        .resource(arn)
        .await?
        .filter(|detail| grant.covers(&detail.resource))
        .ok_or_else(|| ServiceError::NotFound(format!("resource {arn}")))
}
