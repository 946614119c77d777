use tidemark_domain::{Invalid, Page, Privilege, ResourceFilter, ResourceRow};

use crate::{Caller, ServiceError, Services, authorize};

/// A page of resources, filtered and sorted; owners see their own.
pub async fn list(
    services: &Services,
    caller: &Caller,
    mut filter: ResourceFilter,
) -> Result<Page<ResourceRow>, ServiceError> {
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "resource.list",
        "",
    )
    .await?;
    if filter.limit.is_some_and(|n| !(1..=200).contains(&n)) {
        return Err(Invalid::new("limit", "must lie between 1 and 200").into());
    }
    check_text(&filter)?;
    if let Some(owner) = grant.owner() {
        filter.owner = Some(owner.to_owned());
    }
    Ok(services.catalogue.resources(&filter).await?)
}

/// Refuses texts that nobody types.
pub(crate) fn check_text(filter: &ResourceFilter) -> Result<(), Invalid> {
    let long = |text: &String| text.chars().count() > 200;
    if filter.text.as_ref().is_some_and(long) {
        return Err(Invalid::new(
            "search text",
            "must have at most 200 characters",
        ));
    }
    Ok(())
}
