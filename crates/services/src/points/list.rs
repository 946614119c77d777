use tidemark_domain::{Invalid, Page, PointFilter, Privilege, RecoveryPoint};

use crate::{Caller, ServiceError, Services, authorize, resources};

/// A page of recovery points, newest first unless asked otherwise. Owners see those of their
/// resources.
pub async fn list(
    services: &Services,
    caller: &Caller,
    mut filter: PointFilter,
) -> Result<Page<RecoveryPoint>, ServiceError> {
    let subject = filter
        .resource
        .as_ref()
        .map_or(String::new(), ToString::to_string);
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "point.list",
        &subject,
    )
    .await?;
    check(&filter)?;
    if let Some(owner) = grant.owner() {
        filter.owner = Some(owner.to_owned());
        if let Some(arn) = &filter.resource {
            resources::find(
                services,
                caller,
                arn,
                Privilege::ReadCatalogue,
                "point.list",
            )
            .await?;
        }
    }
    Ok(services.catalogue.points(&filter).await?)
}

/// Checks what a person may type.
pub(super) fn check(filter: &PointFilter) -> Result<(), Invalid> {
    if filter.limit.is_some_and(|n| !(1..=1000).contains(&n)) {
        return Err(Invalid::new("limit", "must lie between 1 and 1000"));
    }
    for (field, text) in [
        ("search text", &filter.text),
        ("tag", &filter.tag),
        ("vault", &filter.vault),
        ("status", &filter.status),
        ("plan", &filter.plan),
        ("owner", &filter.owner),
    ] {
        if text.as_ref().is_some_and(|t| t.chars().count() > 300) {
            return Err(Invalid::new(field, "must have at most 300 characters"));
        }
    }
    if let (Some(from), Some(until)) = (filter.from, filter.until)
        && until <= from
    {
        return Err(Invalid::new("until", "must be later than from"));
    }
    Ok(())
}
