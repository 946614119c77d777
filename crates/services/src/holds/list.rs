use tidemark_domain::{
    Invalid, Page, Privilege,
    vaults::{HoldFilter, HoldRow},
};

use crate::{Caller, ServiceError, Services, authorize};

/// A page of legal holds of every account, newest first.
pub async fn list(
    services: &Services,
    caller: &Caller,
    filter: &HoldFilter,
) -> Result<Page<HoldRow>, ServiceError> {
    authorize(services, caller, Privilege::ReadVaults, "hold.list", "").await?;
    if filter.limit.is_some_and(|n| !(1..=200).contains(&n)) {
        return Err(Invalid::new("limit", "must lie between 1 and 200").into());
    }
    if filter
        .text
        .as_ref()
        .is_some_and(|text| text.chars().count() > 200)
    {
        return Err(Invalid::new("search text", "must have at most 200 characters").into());
    }
    Ok(services.catalogue.hold_rows(filter).await?)
}
